package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.runtime.Finding.Grade;
import org.junit.jupiter.api.Test;

class HostFindingsTest {

  private static final String LIMITS =
      """
      Limit                     Soft Limit           Hard Limit           Units
      Max processes             unlimited            unlimited            processes
      Max open files            1024                 %-20s files
      """;

  @Test
  void readsTheEffectiveCapabilities() {
    String all = "Name:\tjava\nCapPrm:\t0000000000000000\nCapEff:\t000001ffffffffff\n";
    String noResource = "CapEff:\t000001fffeffffff\nCapBnd:\t000001ffffffffff\n";
    String none = "CapEff:\t0000000000000000\n";

    assertThat(HostFindings.resources(all).grade()).isEqualTo(Grade.GOOD);
    assertThat(HostFindings.resources(noResource).grade()).isEqualTo(Grade.LIMITED);
    assertThat(HostFindings.administration(noResource).grade()).isEqualTo(Grade.GOOD);
    assertThat(HostFindings.administration(none).grade()).isEqualTo(Grade.BAD);
    assertThat(HostFindings.administration("").grade()).isEqualTo(Grade.BAD);
  }

  @Test
  void tellsTheCgroupVersionsAndControllers() {
    String v1 =
        """
        31 29 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
        32 29 0:28 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct
        33 29 0:29 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd
        """;
    String v2 = "30 29 0:26 / /sys/fs/cgroup rw shared:8 - cgroup2 cgroup2 rw,nsdelegate\n";

    Finding good = HostFindings.cgroups(v2, "cpuset cpu io memory pids misc\n");
    assertThat(good).isEqualTo(new Finding("cgroups", Grade.GOOD, "v2: cpu cpuset io memory pids", ""));
    Finding noPids = HostFindings.cgroups(v1, "");
    assertThat(noPids.grade()).isEqualTo(Grade.LIMITED);
    assertThat(noPids.found()).isEqualTo("v1: cpu cpuacct memory");
    assertThat(noPids.advice()).startsWith("no controller for pids:");
    Finding hybrid = HostFindings.cgroups(v1 + v2, "pids");
    assertThat(hybrid).isEqualTo(new Finding("cgroups", Grade.GOOD, "hybrid (v1 and v2): cpu cpuacct memory pids", ""));
    assertThat(HostFindings.cgroups("", "").grade()).isEqualTo(Grade.BAD);
  }

  @Test
  void judgesTheHardLimitOfDescriptors() {
    assertThat(HostFindings.descriptors(LIMITS.formatted("1048576")).grade()).isEqualTo(Grade.GOOD);
    assertThat(HostFindings.descriptors(LIMITS.formatted("unlimited")).grade()).isEqualTo(Grade.GOOD);
    Finding few = HostFindings.descriptors(LIMITS.formatted("20000"));
    assertThat(few.grade()).isEqualTo(Grade.LIMITED);
    assertThat(few.found()).isEqualTo("at most 20000 open files");
    assertThat(few.advice()).contains("ulimit -Hn 65536");
    assertThat(HostFindings.descriptors("").grade()).isEqualTo(Grade.LIMITED);
  }

  @Test
  void givesAdviceForEverythingThatIsNotGood() throws Exception {
    assertThat(HostFindings.all())
        .isNotEmpty()
        .allSatisfy(finding -> assertThat(finding.advice().isEmpty()).as(finding.toString()).isEqualTo(finding.grade() == Grade.GOOD))
        .extracting(Finding::subject)
        .doesNotHaveDuplicates()
        .contains("kernel", "pidfd", "overlay", "seccomp", "clone3", "cgroups");
  }
}
