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
        .contains("kernel", "pidfd", "overlay", "seccomp", "clone3");
  }
}
