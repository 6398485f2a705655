package io.containerkit.runtime;

import io.containerkit.runtime.ContainerStats.Cpu;
import io.containerkit.runtime.ContainerStats.CpuTime;
import io.containerkit.runtime.ContainerStats.Hugetlb;
import io.containerkit.runtime.ContainerStats.Io;
import io.containerkit.runtime.ContainerStats.Memory;
import io.containerkit.runtime.ContainerStats.Pids;
import io.containerkit.runtime.ContainerStats.Rdma;
import io.containerkit.runtime.ContainerStats.Throttling;
import io.containerkit.runtime.ContainerStats.Usage;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads what a container has used from the files of its control groups, with no runtime involved: about twenty small reads.
///
/// Stateless; may be shared by threads.
public final class CgroupStatsReader {

  private final Controllers at;

  CgroupStatsReader(Controllers at) {
    this.at = at;
  }

  /// Reads a control group of the unified hierarchy (v2).
  ///
  /// @param directory the control group, such as `/sys/fs/cgroup/web`
  public static CgroupStatsReader unified(Path directory) {
    return new CgroupStatsReader(Controllers.of(Map.of(), directory));
  }

  /// Reads control groups of v1 hierarchies.
  ///
  /// @param controllers the directory of the container's control group for each controller (`cpu`, `cpuacct`, `memory`,
  ///     `pids`, `blkio`, `hugetlb`, `rdma`; others are ignored)
  public static CgroupStatsReader v1(Map<String, Path> controllers) {
    return new CgroupStatsReader(Controllers.of(controllers, null));
  }

  /// Reads v1 control groups and, for the controllers that are not among them, a control group of the unified hierarchy.
  public static CgroupStatsReader hybrid(Map<String, Path> controllers, Path unified) {
    return new CgroupStatsReader(Controllers.of(controllers, unified));
  }

  /// Reads everything once.
  ///
  /// @throws EngineException with [ErrorKind#NOT_FOUND] if the control groups are gone, which means that the container has been
  ///     deleted, before or while they were read
  public ContainerStats read() {
    ContainerStats stats =
        new ContainerStats(Instant.now(), cpu(), memory(), pids(), io(), hugetlb(), rdma());
    // Each missing file above was taken for one that this kernel does not have: only now is that known to be so.
    requireStillThere();
    return stats;
  }

  /// How many processes the OOM killer took from the container: what a monitor compares, and reads again at the exit.
  ///
  /// @return empty where nobody counts them: no memory controller, or the control group is gone
  public OptionalLong oomKills() {
    CgroupFiles memory = at.v1("memory");
    if (memory != null) {
      return value(memory.table("memory.oom_control"), "oom_kill");
    }
    return at.unified() == null ? OptionalLong.empty() : value(at.unified().table("memory.events"), "oom_kill");
  }

  private void requireStillThere() {
    Path missing = at.missing();
    if (missing != null || at.none()) {
      String what = missing == null ? "control group" : "control group " + missing;
      throw new EngineException(ErrorKind.NOT_FOUND, what, "no " + what + ": the container is gone, or never had one", null);
    }
  }

  private Optional<Cpu> cpu() {
    CgroupFiles account = at.v1("cpuacct");
    if (account != null) {
      return CgroupV1.cpu(account, at.v1("cpu"));
    }
    if (at.unified() == null) {
      return Optional.empty();
    }
    // The times are counted for every group, the throttling only where the controller is enabled.
    Map<String, Long> stat = at.unified().table("cpu.stat");
    if (!stat.containsKey("usage_usec")) {
      return Optional.empty();
    }
    CpuTime time =
        new CpuTime(
            KernelTime.micros(stat.getOrDefault("usage_usec", 0L)),
            KernelTime.micros(stat.getOrDefault("user_usec", 0L)),
            KernelTime.micros(stat.getOrDefault("system_usec", 0L)));
    Throttling throttling =
        new Throttling(
            stat.getOrDefault("nr_periods", 0L),
            stat.getOrDefault("nr_throttled", 0L),
            KernelTime.micros(stat.getOrDefault("throttled_usec", 0L)));
    return Optional.of(new Cpu(time, List.of(), throttling));
  }

  private Optional<Memory> memory() {
    CgroupFiles files = at.v1("memory");
    if (files != null) {
      return CgroupV1.memory(files);
    }
    OptionalLong current = at.unified() == null ? OptionalLong.empty() : at.unified().number("memory.current");
    if (at.unified() == null || current.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Long> stat = at.unified().table("memory.stat");
    Map<String, Long> events = at.unified().table("memory.events");
    Usage usage =
        new Usage(
            current.getAsLong(),
            at.unified().number("memory.peak"),
            at.unified().limit("memory.max"),
            value(events, "max"));
    OptionalLong swap = at.unified().number("memory.swap.current");
    Optional<Usage> withSwap = Optional.empty();
    if (swap.isPresent()) {
      Limit both = sum(usage.limit(), at.unified().limit("memory.swap.max"));
      // The peaks and failures of the two are counted apart, and not at the same instants: they have no sum.
      withSwap =
          Optional.of(
              new Usage(usage.current() + swap.getAsLong(), OptionalLong.empty(), both, OptionalLong.empty()));
    }
    Optional<Usage> kernel =
        Optional.ofNullable(stat.get("kernel"))
            .map(bytes -> new Usage(bytes, OptionalLong.empty(), Limit.unlimited(), OptionalLong.empty()));
    return Optional.of(
        new Memory(
            usage,
            withSwap,
            swap,
            kernel,
            Optional.empty(),
            stat.getOrDefault("file", 0L),
            value(events, "oom_kill"),
            stat));
  }

  /// The same files in both versions.
  private Optional<Pids> pids() {
    CgroupFiles files = at.either("pids");
    OptionalLong current = files == null ? OptionalLong.empty() : files.number("pids.current");
    if (files == null || current.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Pids(
            current.getAsLong(),
            files.number("pids.peak"),
            files.limit("pids.max"),
            value(files.table("pids.events"), "max")));
  }

  private List<Io> io() {
    CgroupFiles files = at.v1("blkio");
    if (files != null) {
      return CgroupV1.io(files);
    }
    if (at.unified() == null) {
      return List.of();
    }
    IoCounts counts = new IoCounts();
    for (var device : at.unified().nestedTable("io.stat").entrySet()) {
      for (var counter : device.getValue().entrySet()) {
        // Other keys belong to controllers of latency and cost (`cost.usage`, …).
        switch (counter.getKey()) {
          case "rbytes", "wbytes", "dbytes", "rios", "wios", "dios" ->
              counts.add(
                  at.unified(),
                  "io.stat",
                  device.getKey(),
                  counter.getKey(),
                  at.unified().unsigned("io.stat", counter.getValue()));
          default -> {}
        }
      }
    }
    return counts.toList();
  }

  private List<Hugetlb> hugetlb() {
    CgroupFiles files = at.v1("hugetlb");
    if (files != null) {
      return CgroupV1.hugetlb(files);
    }
    if (at.unified() == null) {
      return List.of();
    }
    List<Hugetlb> sizes = new ArrayList<>();
    for (String file : at.unified().names("hugetlb.", ".current")) {
      String size = file.substring("hugetlb.".length(), file.length() - ".current".length());
      // `hugetlb.2MB.rsvd.current` counts reservations, not pages.
      if (!size.endsWith(".rsvd")) {
        Usage usage =
            new Usage(
                at.unified().number(file).orElse(0),
                OptionalLong.empty(),
                at.unified().limit("hugetlb." + size + ".max"),
                value(at.unified().table("hugetlb." + size + ".events"), "max"));
        sizes.add(new Hugetlb(size, usage));
      }
    }
    return sizes;
  }

  /// The same files in both versions.
  private List<Rdma> rdma() {
    CgroupFiles files = at.either("rdma");
    if (files == null) {
      return List.of();
    }
    Map<String, Map<String, String>> current = files.nestedTable("rdma.current");
    Map<String, Map<String, String>> max = files.nestedTable("rdma.max");
    Set<String> devices = new LinkedHashSet<>(current.keySet());
    devices.addAll(max.keySet());
    List<Rdma> adapters = new ArrayList<>();
    for (String device : devices) {
      Map<String, String> used = current.getOrDefault(device, Map.of());
      Map<String, String> limits = max.getOrDefault(device, Map.of());
      adapters.add(
          new Rdma(
              device,
              files.unsigned("rdma.current", used.getOrDefault("hca_handle", "0")),
              files.limit("rdma.max", limits.getOrDefault("hca_handle", "max")),
              files.unsigned("rdma.current", used.getOrDefault("hca_object", "0")),
              files.limit("rdma.max", limits.getOrDefault("hca_object", "max"))));
    }
    return adapters;
  }

  static Limit sum(Limit a, Limit b) {
    if (a instanceof Limit.Bounded(long x) && b instanceof Limit.Bounded(long y)) {
      return Limit.of(x + y);
    }
    return a instanceof Limit.Unknown || b instanceof Limit.Unknown ? Limit.unknown() : Limit.unlimited();
  }

  static OptionalLong value(Map<String, Long> table, String key) {
    Long value = table.get(key);
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
