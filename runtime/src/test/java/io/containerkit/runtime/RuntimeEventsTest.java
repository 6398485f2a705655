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
import io.containerkit.runtime.ContainerStats.Throttling;
import io.containerkit.runtime.ContainerStats.Transfers;
import io.containerkit.runtime.ContainerStats.Usage;
import io.containerkit.spec.Json;
import io.containerkit.spec.SpecException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// On documents as the runtimes print them. That they agree with the kernel is tested on the real ones, in `StatsIT`.
class RuntimeEventsTest {

  private static final Instant AT = Instant.ofEpochSecond(1_800_000_000);
  private static final OptionalLong NONE = OptionalLong.empty();

  @Test
  void readsRuncOnVersionOne() {
    ContainerStats stats =
        stats(
            """
            {"type":"stats","id":"web","data":{
              "cpu":{"usage":{"total":202937174,"percpu":[194542765,8394409],"percpu_kernel":[0,7949023],
                  "percpu_user":[192000000,4000000],"kernel":0,"user":190000000},
                "throttling":{"periods":6,"throttledPeriods":3,"throttledTime":148424094}},
              "cpuset":{"cpus":[0,1],"cpu_exclusive":0,"mems":[0],"sched_relax_domain_level":-1},
              "memory":{"cache":16384,
                "usage":{"limit":67108864,"usage":1007616,"max":2576384,"failcnt":3},
                "swap":{"limit":67108864,"usage":1007620,"max":2576384,"failcnt":0},
                "kernel":{"limit":9223372036854771712,"usage":356352,"max":606208,"failcnt":0},
                "kernelTCP":{"limit":9223372036854771712,"failcnt":0},
                "raw":{"cache":16384,"hierarchical_memory_limit":67108864,"total_swap":4}},
              "pids":{"current":2,"limit":20},
              "blkio":{"ioServiceBytesRecursive":[{"major":8,"op":"Read","value":4096},{"major":8,"op":"Write"},
                  {"major":8,"op":"Sync","value":4096},{"major":8,"op":"Total","value":4096}],
                "ioServicedRecursive":[{"major":8,"op":"Read","value":1}]},
              "hugetlb":{"2MB":{"usage":2097152,"max":4194304,"failcnt":5}},
              "intel_rdt":{},"network_interfaces":null}}
            """);

    assertThat(stats)
        .isEqualTo(
            new ContainerStats(
                AT,
                Optional.of(
                    new Cpu(
                        new CpuTime(Duration.ofNanos(202_937_174), Duration.ofMillis(190), Duration.ZERO),
                        List.of(
                            new CpuTime(Duration.ofNanos(194_542_765), Duration.ofMillis(192), Duration.ZERO),
                            new CpuTime(Duration.ofNanos(8_394_409), Duration.ofMillis(4), Duration.ofNanos(7_949_023))),
                        new Throttling(6, 3, Duration.ofNanos(148_424_094)))),
                Optional.of(
                    new Memory(
                        new Usage(1007616, OptionalLong.of(2576384), Limit.of(67108864), OptionalLong.of(3)),
                        Optional.of(
                            new Usage(1007620, OptionalLong.of(2576384), Limit.of(67108864), OptionalLong.of(0))),
                        OptionalLong.of(4),
                        Optional.of(
                            new Usage(356352, OptionalLong.of(606208), Limit.unlimited(), OptionalLong.of(0))),
                        Optional.of(new Usage(0, OptionalLong.of(0), Limit.unlimited(), OptionalLong.of(0))),
                        16384,
                        NONE,
                        Map.of("cache", 16384L, "hierarchical_memory_limit", 67108864L, "total_swap", 4L))),
                Optional.of(new Pids(2, NONE, Limit.of(20), NONE)),
                List.of(new Io(new Device(8, 0), new Transfers(4096, 0, 0), new Transfers(1, 0, 0))),
                List.of(
                    new Hugetlb(
                        "2MB", new Usage(2097152, OptionalLong.of(4194304), Limit.unknown(), OptionalLong.of(5)))),
                List.of()));
  }

  @Test
  void readsRuncOnVersionTwo() {
    ContainerStats stats =
        stats(
            """
            {"type":"stats","id":"web","data":{
              "cpu":{"usage":{"total":1500001000,"kernel":500001000,"user":1000000000},"throttling":{}},
              "memory":{"cache":524288,
                "usage":{"limit":18446744073709551615,"usage":1048576,"failcnt":0},
                "swap":{"limit":18446744073709551615,"usage":1052672,"failcnt":0},
                "kernel":{"limit":0,"failcnt":0},"kernelTCP":{"limit":0,"failcnt":0},
                "raw":{"anon":12288,"file":524288,"kernel":65536},
                "event_count":{"low":0,"high":0,"max":4,"oom":2,"oom_kill":1,"oom_group_kill":0}},
              "pids":{"current":3},"blkio":{},"hugetlb":{}}}
            """);

    assertThat(stats.cpu())
        .contains(
            new Cpu(
                new CpuTime(Duration.ofNanos(1_500_001_000), Duration.ofSeconds(1), Duration.ofNanos(500_001_000)),
                List.of(),
                Throttling.NONE));
    assertThat(stats.memory())
        .contains(
            new Memory(
                new Usage(1048576, NONE, Limit.unlimited(), NONE),
                Optional.of(new Usage(1052672, NONE, Limit.unlimited(), NONE)),
                OptionalLong.of(4096),
                Optional.of(new Usage(65536, NONE, Limit.unlimited(), NONE)),
                Optional.empty(),
                524288,
                OptionalLong.of(1),
                Map.of("anon", 12288L, "file", 524288L, "kernel", 65536L)));
    assertThat(stats.pids()).contains(new Pids(3, NONE, Limit.unlimited(), NONE));
  }

  @Test
  void readsRunscWhichKnowsNoLimits() {
    ContainerStats stats =
        stats(
            """
            {"type":"stats","id":"evs","data":{"cpu":{"usage":{"total":449938512250}},
            "memory":{"usage":{"limit":0,"usage":2514944,"failcnt":0},"swap":{"limit":0,"failcnt":0},
            "kernel":{"limit":0,"failcnt":0},"kernelTCP":{"limit":0,"failcnt":0}},"pids":{"current":2}}}
            """);

    assertThat(stats)
        .isEqualTo(
            new ContainerStats(
                AT,
                Optional.of(
                    new Cpu(
                        new CpuTime(Duration.ofNanos(449_938_512_250L), Duration.ZERO, Duration.ZERO),
                        List.of(),
                        Throttling.NONE)),
                Optional.of(
                    new Memory(
                        new Usage(2514944, NONE, Limit.unknown(), NONE),
                        Optional.empty(),
                        NONE,
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        NONE,
                        Map.of())),
                Optional.of(new Pids(2, NONE, Limit.unknown(), NONE)),
                List.of(),
                List.of(),
                List.of()));
  }

  @Test
  void leavesOutWhatNothingGoverns() {
    ContainerStats stats = stats("{\"type\":\"stats\",\"id\":\"x\",\"data\":{\"memory\":{\"usage\":{\"limit\":0}}}}");

    assertThat(stats)
        .isEqualTo(
            new ContainerStats(
                AT, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of(), List.of()));
  }

  @Test
  void readsTheOtherEvents() {
    assertThat(event("{\"type\":\"oom\",\"id\":\"web\"}")).contains(new ContainerEvent.Oom(AT, NONE));
    assertThat(event("{\"type\":\"intelRdt\",\"id\":\"web\",\"data\":{}}")).isEmpty();
  }

  @Test
  void refusesWhatIsNoEventAndNamesThePlace() {
    assertThatThrownBy(() -> event("{\"id\":\"web\"}")).isInstanceOf(SpecException.class).hasMessageContaining("/type");
    assertThatThrownBy(() -> event("{\"type\":\"stats\",\"data\":{\"pids\":{\"current\":-1}}}"))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("/data/pids/current");
    assertThatThrownBy(() -> event("{\"type\":\"stats\",\"data\":{\"cpu\":{\"usage\":{\"total\":1,\"percpu\":[1.5]}}}}"))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("/data/cpu/usage/percpu/0");
  }

  private static Optional<ContainerEvent> event(String json) {
    return RuntimeEvents.event(Json.readObject(json), AT);
  }

  private static ContainerStats stats(String json) {
    return event(json).filter(ContainerEvent.Stats.class::isInstance).map(ContainerEvent.Stats.class::cast).orElseThrow().stats();
  }
}
