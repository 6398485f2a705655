package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.runtime.ContainerStats.Cpu;
import io.containerkit.runtime.ContainerStats.CpuTime;
import io.containerkit.runtime.ContainerStats.Device;
import io.containerkit.runtime.ContainerStats.Hugetlb;
import io.containerkit.runtime.ContainerStats.Io;
import io.containerkit.runtime.ContainerStats.Memory;
import io.containerkit.runtime.ContainerStats.Pids;
import io.containerkit.runtime.ContainerStats.Rdma;
import io.containerkit.runtime.ContainerStats.Throttling;
import io.containerkit.runtime.ContainerStats.Transfers;
import io.containerkit.runtime.ContainerStats.Usage;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Over files made here, so that every number of either version is known in advance. The real kernel is asked in `StatsIT`.
class CgroupStatsReaderTest {

  private static final OptionalLong NONE = OptionalLong.empty();

  @TempDir Path root;

  @Test
  void readsEveryFileOfVersionTwo() throws IOException {
    CgroupTree cgroup =
        CgroupTree.at(root.resolve("web"))
            .with("cgroup.procs", "1\n")
            .with(
                "cpu.stat",
                """
                usage_usec 1500001
                user_usec 1000000
                system_usec 500001
                nice_usec 0
                nr_periods 30
                nr_throttled 7
                throttled_usec 2000003
                nr_bursts 0
                burst_usec 0
                """)
            .with("memory.current", "1048576\n")
            .with("memory.peak", "2097152\n")
            .with("memory.max", "4194304\n")
            .with("memory.swap.current", "4096\n")
            .with("memory.swap.max", "8192\n")
            .with("memory.stat", "anon 12288\nfile 524288\nkernel 65536\ninactive_file 262144\n")
            .with("memory.events", "low 0\nhigh 2\nmax 5\noom 3\noom_kill 1\noom_group_kill 0\n")
            .with("pids.current", "3\n")
            .with("pids.peak", "9\n")
            .with("pids.max", "max\n")
            .with("pids.events", "max 4\n")
            .with(
                "io.stat",
                """
                8:16 rbytes=1459200 wbytes=314773504 rios=192 wios=353 dbytes=50331648 dios=12
                8:0 rbytes=90430464 wbytes=299008000 rios=8950 wios=1252 dbytes=0 dios=0 cost.usage=1.5
                252:0\s
                7:1 rbytes=0 wbytes=0 rios=0 wios=0 dbytes=0 dios=0
                """)
            .with("hugetlb.2MB.current", "4194304\n")
            .with("hugetlb.2MB.max", "max\n")
            .with("hugetlb.2MB.events", "max 6\n")
            .with("hugetlb.2MB.rsvd.current", "6291456\n")
            .with("hugetlb.1GB.current", "0\n")
            .with("hugetlb.1GB.max", "1073741824\n")
            .with("hugetlb.1GB.events", "max 0\n")
            .with("rdma.current", "mlx4_0 hca_handle=2 hca_object=2000\nocrdma1 hca_handle=0 hca_object=0\n")
            .with("rdma.max", "mlx4_0 hca_handle=2 hca_object=max\nocrdma1 hca_handle=max hca_object=max\n");
    Instant before = Instant.now();

    ContainerStats stats = CgroupStatsReader.unified(cgroup.directory()).read();

    assertThat(stats.at()).isBetween(before, Instant.now());
    assertThat(stats.cpu())
        .contains(
            new Cpu(
                new CpuTime(Duration.ofNanos(1_500_001_000), Duration.ofSeconds(1), Duration.ofNanos(500_001_000)),
                List.of(),
                new Throttling(30, 7, Duration.ofNanos(2_000_003_000))));
    assertThat(stats.memory())
        .contains(
            new Memory(
                new Usage(1048576, OptionalLong.of(2097152), Limit.of(4194304), OptionalLong.of(5)),
                Optional.of(new Usage(1048576 + 4096, NONE, Limit.of(4194304 + 8192), NONE)),
                OptionalLong.of(4096),
                Optional.of(new Usage(65536, NONE, Limit.unlimited(), NONE)),
                Optional.empty(),
                524288,
                OptionalLong.of(1),
                Map.of("anon", 12288L, "file", 524288L, "kernel", 65536L, "inactive_file", 262144L)));
    assertThat(stats.memory().orElseThrow().workingSet()).isEqualTo(1048576 - 262144);
    assertThat(stats.pids()).contains(new Pids(3, OptionalLong.of(9), Limit.unlimited(), OptionalLong.of(4)));
    assertThat(stats.io())
        .containsExactly(
            new Io(new Device(8, 16), new Transfers(1459200, 314773504, 50331648), new Transfers(192, 353, 12)),
            new Io(new Device(8, 0), new Transfers(90430464, 299008000, 0), new Transfers(8950, 1252, 0)),
            new Io(new Device(7, 1), Transfers.NONE, Transfers.NONE));
    assertThat(stats.hugetlb())
        .containsExactly(
            new Hugetlb("1GB", new Usage(0, NONE, Limit.of(1L << 30), OptionalLong.of(0))),
            new Hugetlb("2MB", new Usage(4194304, NONE, Limit.unlimited(), OptionalLong.of(6))));
    assertThat(stats.rdma())
        .containsExactly(
            new Rdma("mlx4_0", 2, Limit.of(2), 2000, Limit.unlimited()),
            new Rdma("ocrdma1", 0, Limit.unlimited(), 0, Limit.unlimited()));
  }

  @Test
  void leavesOutWhatVersionTwoDoesNotGovernHere() throws IOException {
    CgroupTree cgroup =
        CgroupTree.at(root.resolve("bare")).with("cpu.stat", "usage_usec 7\nuser_usec 4\nsystem_usec 3\n");

    ContainerStats stats = CgroupStatsReader.unified(cgroup.directory()).read();

    assertThat(stats.cpu().orElseThrow().time().total()).isEqualTo(Duration.ofNanos(7000));
    assertThat(stats.cpu().orElseThrow().throttling()).isEqualTo(Throttling.NONE);
    assertThat(stats.memory()).isEmpty();
    assertThat(stats.pids()).isEmpty();
    assertThat(stats.io()).isEmpty();
    assertThat(stats.hugetlb()).isEmpty();
    assertThat(stats.rdma()).isEmpty();
  }

  @Test
  void keepsUnsignedNumbersWhole() throws IOException {
    CgroupTree cgroup =
        CgroupTree.at(root.resolve("huge"))
            .with("cpu.stat", "usage_usec 18446744073709551615\nuser_usec 0\nsystem_usec 0\n")
            .with("memory.current", "18446744073709551615\n")
            .with("memory.max", "9223372036854710271\n")
            .with("memory.stat", "file 18446744073709551614\n");

    ContainerStats stats = CgroupStatsReader.unified(cgroup.directory()).read();

    assertThat(stats.cpu().orElseThrow().time().total())
        .isEqualTo(Duration.ofSeconds(18446744073709L, 551_615_000));
    Memory memory = stats.memory().orElseThrow();
    assertThat(Long.toUnsignedString(memory.usage().current())).isEqualTo("18446744073709551615");
    assertThat(memory.usage().limit()).hasToString("9223372036854710271");
    assertThat(Long.toUnsignedString(memory.cache())).isEqualTo("18446744073709551614");
    assertThat(memory.usage().peak()).isEmpty();
    assertThat(memory.withSwap()).isEmpty();
    assertThat(memory.oomKills()).isEmpty();
  }

  @Test
  void readsEveryFileOfVersionOne() throws IOException {
    ContainerStats stats = CgroupStatsReader.v1(versionOne()).read();

    assertThat(stats.cpu())
        .contains(
            new Cpu(
                new CpuTime(Duration.ofNanos(202_937_174), Duration.ofMillis(190), Duration.ofMillis(20)),
                List.of(
                    new CpuTime(Duration.ofNanos(194_542_765), Duration.ofMillis(192), Duration.ZERO),
                    new CpuTime(Duration.ofNanos(8_394_409), Duration.ofMillis(4), Duration.ofNanos(7_949_023))),
                new Throttling(6, 3, Duration.ofNanos(148_424_094))));
    assertThat(stats.memory())
        .contains(
            new Memory(
                new Usage(1007616, OptionalLong.of(2576384), Limit.of(67108864), OptionalLong.of(11)),
                Optional.of(new Usage(1007700, OptionalLong.of(2576400), Limit.of(134217728), OptionalLong.of(12))),
                OptionalLong.of(84),
                Optional.of(new Usage(356352, OptionalLong.of(606208), Limit.unlimited(), OptionalLong.of(0))),
                Optional.empty(),
                16385,
                OptionalLong.of(2),
                Map.of("cache", 16384L, "total_cache", 16385L, "total_swap", 84L, "total_inactive_file", 616L)));
    assertThat(stats.memory().orElseThrow().workingSet()).isEqualTo(1007000);
    assertThat(stats.pids()).contains(new Pids(2, NONE, Limit.of(20), OptionalLong.of(0)));
    assertThat(stats.io())
        .containsExactly(
            new Io(new Device(8, 0), new Transfers(4096, 8192, 512), new Transfers(1, 2, 3)),
            new Io(new Device(8, 16), new Transfers(100, 0, 0), new Transfers(0, 0, 0)));
    assertThat(stats.hugetlb())
        .containsExactly(
            new Hugetlb("2MB", new Usage(2097152, OptionalLong.of(4194304), Limit.unlimited(), OptionalLong.of(1))));
    assertThat(stats.rdma()).isEmpty();
  }

  private Map<String, Path> versionOne() throws IOException {
    Path cpu =
        CgroupTree.at(root.resolve("cpu/web"))
            .with("cpu.stat", "nr_periods 6\nnr_throttled 3\nthrottled_time 148424094\n")
            .directory();
    Path cpuacct =
        CgroupTree.at(root.resolve("cpuacct/web"))
            .with("cpuacct.usage", "202937174\n")
            .with("cpuacct.stat", "user 19\nsystem 2\n")
            .with("cpuacct.usage_percpu", "194542765 8394409 \n")
            .with("cpuacct.usage_all", "cpu user system\n0 192000000 0\n1 4000000 7949023\n")
            .directory();
    Path memory =
        CgroupTree.at(root.resolve("memory/web"))
            .with("memory.usage_in_bytes", "1007616\n")
            .with("memory.max_usage_in_bytes", "2576384\n")
            .with("memory.limit_in_bytes", "67108864\n")
            .with("memory.failcnt", "11\n")
            .with("memory.memsw.usage_in_bytes", "1007700\n")
            .with("memory.memsw.max_usage_in_bytes", "2576400\n")
            .with("memory.memsw.limit_in_bytes", "134217728\n")
            .with("memory.memsw.failcnt", "12\n")
            .with("memory.kmem.usage_in_bytes", "356352\n")
            .with("memory.kmem.max_usage_in_bytes", "606208\n")
            .with("memory.kmem.limit_in_bytes", "9223372036854771712\n")
            .with("memory.kmem.failcnt", "0\n")
            .with("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n")
            .with("memory.stat", "cache 16384\ntotal_cache 16385\ntotal_swap 84\ntotal_inactive_file 616\n")
            .directory();
    Path pids =
        CgroupTree.at(root.resolve("pids/web"))
            .with("pids.current", "2\n")
            .with("pids.max", "20\n")
            .with("pids.events", "max 0\n")
            .directory();
    Path blkio =
        CgroupTree.at(root.resolve("blkio/web"))
            .with(
                "blkio.throttle.io_service_bytes_recursive",
                """
                8:0 Read 4096
                8:0 Write 8192
                8:0 Sync 12288
                8:0 Async 0
                8:0 Discard 512
                8:0 Total 12800
                8:16 Read 100
                8:16 Total 100
                Total 12900
                """)
            .with("blkio.throttle.io_serviced", "8:0 Read 1\n8:0 Write 2\n8:0 Discard 3\nTotal 6\n")
            .directory();
    Path hugetlb =
        CgroupTree.at(root.resolve("hugetlb/web"))
            .with("hugetlb.2MB.usage_in_bytes", "2097152\n")
            .with("hugetlb.2MB.max_usage_in_bytes", "4194304\n")
            .with("hugetlb.2MB.limit_in_bytes", "9223372036854771712\n")
            .with("hugetlb.2MB.failcnt", "1\n")
            .with("hugetlb.2MB.rsvd.usage_in_bytes", "0\n")
            .directory();
    return Map.of("cpu", cpu, "cpuacct", cpuacct, "memory", memory, "pids", pids, "blkio", blkio, "hugetlb", hugetlb);
  }

  @Test
  void readsEachControllerWhereAHybridHostHasIt() throws IOException {
    Path unified =
        CgroupTree.at(root.resolve("unified/web"))
            .with("cpu.stat", "usage_usec 1\nuser_usec 1\nsystem_usec 0\n")
            .with("hugetlb.2MB.current", "2097152\n")
            .with("hugetlb.2MB.max", "max\n")
            .with("hugetlb.2MB.events", "max 0\n")
            .directory();
    Map<String, Path> v1 = versionOne();

    ContainerStats stats =
        CgroupStatsReader.hybrid(Map.of("cpuacct", v1.get("cpuacct"), "memory", v1.get("memory")), unified).read();

    assertThat(stats.cpu().orElseThrow().time().total()).isEqualTo(Duration.ofNanos(202_937_174));
    assertThat(stats.memory().orElseThrow().usage().current()).isEqualTo(1007616);
    assertThat(stats.hugetlb())
        .containsExactly(new Hugetlb("2MB", new Usage(2097152, NONE, Limit.unlimited(), OptionalLong.of(0))));
  }

  @Test
  void countsOomKillsInBothVersions() throws IOException {
    CgroupTree v2 = CgroupTree.at(root.resolve("oom")).with("memory.events", "oom 4\noom_kill 3\n");

    assertThat(CgroupStatsReader.unified(v2.directory()).oomKills()).hasValue(3);
    assertThat(CgroupStatsReader.v1(versionOne()).oomKills()).hasValue(2);
    assertThat(CgroupStatsReader.unified(root.resolve("gone")).oomKills()).isEmpty();
  }

  @Test
  void reportsNotFoundWhenTheControlGroupIsGone() throws IOException {
    Map<String, Path> v1 = versionOne();
    CgroupStatsReader reader = CgroupStatsReader.v1(v1);
    Path pids = root.resolve("pids/web");
    for (String file : List.of("pids.current", "pids.max", "pids.events", "")) {
      Files.delete(pids.resolve(file));
    }

    assertThatThrownBy(reader::read)
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND))
        .hasMessageContaining("pids/web");
    assertThatThrownBy(CgroupStatsReader.unified(root.resolve("nowhere"))::read)
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND));
    assertThatThrownBy(CgroupStatsReader.v1(Map.of())::read)
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND));
  }

  @Test
  void namesTheFileThatItCannotUnderstand() throws IOException {
    CgroupTree number = CgroupTree.at(root.resolve("a")).with("memory.current", "many\n");
    CgroupTree key = CgroupTree.at(root.resolve("b")).with("cpu.stat", "usage_usec\n");
    CgroupTree device = CgroupTree.at(root.resolve("c")).with("io.stat", "sda rbytes=1\n");

    assertThatThrownBy(CgroupStatsReader.unified(number.directory())::read)
        .isInstanceOf(EngineException.class)
        .hasMessageEndingWith("a/memory.current: unexpected content \"many\"");
    assertThatThrownBy(CgroupStatsReader.unified(key.directory())::read)
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("b/cpu.stat");
    assertThatThrownBy(CgroupStatsReader.unified(device.directory())::read)
        .isInstanceOf(EngineException.class)
        .hasMessageEndingWith("c/io.stat: unexpected content \"sda\"");
  }
}
