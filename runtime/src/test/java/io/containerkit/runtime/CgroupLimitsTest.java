package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.spec.Json;
import io.containerkit.spec.LinuxCpu;
import io.containerkit.spec.LinuxMemory;
import io.containerkit.spec.LinuxPids;
import io.containerkit.spec.LinuxResources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupLimitsTest {

  @TempDir Path root;

  @Test
  void readsVersionTwoBack() throws IOException {
    Path v2 =
        CgroupTree.at(root.resolve("web"))
            .with("memory.max", "4194304\n")
            .with("memory.low", "0\n")
            .with("memory.swap.max", "1048576\n")
            .with("cpu.max", "50000 100000\n")
            .with("cpu.max.burst", "1000\n")
            .with("cpu.idle", "0\n")
            .with("cpu.weight", "39\n")
            .with("cpuset.cpus", "0-1\n")
            .with("cpuset.mems", "\n")
            .with("pids.max", "20\n")
            .with("hugetlb.2MB.max", "18446744073709551615\n")
            .with("hugetlb.1GB.max", "1073741824\n")
            .with("hugetlb.1GB.rsvd.max", "1073741824\n")
            .directory();

    assertThat(new CgroupLimits(Controllers.of(Map.of(), v2)).read())
        .isEqualTo(
            resources(
                """
                {"memory": {"limit": 4194304, "reservation": 0, "swap": 5242880},
                 "cpu": {"quota": 50000, "period": 100000, "burst": 1000, "idle": 0, "cpus": "0-1"},
                 "pids": {"limit": 20},
                 "hugepageLimits": [{"pageSize": "1GB", "limit": 1073741824}],
                 "unified": {"cpu.weight": "39"}}
                """));
  }

  @Test
  void readsTheAbsenceOfLimitsAsMinusOne() throws IOException {
    Path v2 =
        CgroupTree.at(root.resolve("free"))
            .with("memory.max", "max\n")
            .with("cpu.max", "max 100000\n")
            .with("pids.max", "max\n")
            .directory();

    assertThat(new CgroupLimits(Controllers.of(Map.of(), v2)).read())
        .isEqualTo(
            resources(
                """
                {"memory": {"limit": -1}, "cpu": {"quota": -1, "period": 100000}, "pids": {"limit": -1}}
                """));
  }

  @Test
  void readsVersionOneBack() throws IOException {
    assertThat(new CgroupLimits(versionOne()).read())
        .isEqualTo(
            resources(
                """
                {"memory": {"limit": 67108864, "reservation": -1, "swap": 134217728, "swappiness": 60, "disableOOMKiller": false},
                 "cpu": {"shares": 512, "quota": -1, "period": 100000, "burst": 0, "idle": 0, "cpus": "0-1", "mems": "0"},
                 "pids": {"limit": -1}}
                """));
  }

  @Test
  void keepsWhatAnUpdateWouldReset() throws IOException {
    Path unified =
        CgroupTree.at(root.resolve("unified/web")).with("memory.high", "max\n").with("io.weight", "default 100\n").directory();
    Controllers at = new Controllers(versionOne().v1(), new CgroupFiles(unified));

    LinuxResources kept = new CgroupLimits(at).resetByOmission(List.of("memory.high", "memory.oom.group"));

    assertThat(kept)
        .isEqualTo(
            resources(
                """
                {"cpu": {"burst": 0, "cpus": "0-1", "mems": "0"}, "unified": {"memory.high": "max"}}
                """));
    LinuxResources change =
        LinuxResources.builder()
            .memory(LinuxMemory.builder().limit(1L << 20).build())
            .cpu(LinuxCpu.builder().quota(5000L).cpus("1").build())
            .pids(LinuxPids.of(7))
            .build();
    assertThat(kept.merge(change))
        .isEqualTo(
            resources(
                """
                {"memory": {"limit": 1048576}, "cpu": {"quota": 5000, "burst": 0, "cpus": "1", "mems": "0"},
                 "pids": {"limit": 7}, "unified": {"memory.high": "max"}}
                """));
  }

  @Test
  void saysNothingWhereThereIsNoControlGroup() {
    assertThat(new CgroupLimits(Controllers.of(Map.of("memory", root.resolve("none")), root.resolve("none"))).read())
        .isEqualTo(LinuxResources.builder().build());
  }

  private Controllers versionOne() throws IOException {
    Path memory =
        CgroupTree.at(root.resolve("memory/web"))
            .with("memory.limit_in_bytes", "67108864\n")
            .with("memory.soft_limit_in_bytes", "9223372036854771712\n")
            .with("memory.memsw.limit_in_bytes", "134217728\n")
            .with("memory.swappiness", "60\n")
            .with("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n")
            .directory();
    Path cpu =
        CgroupTree.at(root.resolve("cpu/web"))
            .with("cpu.shares", "512\n")
            .with("cpu.cfs_quota_us", "-1\n")
            .with("cpu.cfs_period_us", "100000\n")
            .with("cpu.cfs_burst_us", "0\n")
            .with("cpu.idle", "0\n")
            .directory();
    Path cpuset =
        CgroupTree.at(root.resolve("cpuset/web")).with("cpuset.cpus", "0-1\n").with("cpuset.mems", "0\n").directory();
    Path pids = CgroupTree.at(root.resolve("pids/web")).with("pids.max", "max\n").directory();
    return Controllers.of(Map.of("memory", memory, "cpu", cpu, "cpuset", cpuset, "pids", pids), null);
  }

  private static LinuxResources resources(String json) {
    return LinuxResources.of(Json.readObject(json));
  }
}
