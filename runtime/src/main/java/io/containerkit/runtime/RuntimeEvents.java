package io.containerkit.runtime;

import io.containerkit.runtime.ContainerStats.Cpu;
import io.containerkit.runtime.ContainerStats.CpuTime;
import io.containerkit.runtime.ContainerStats.Device;
import io.containerkit.runtime.ContainerStats.Hugetlb;
import io.containerkit.runtime.ContainerStats.Memory;
import io.containerkit.runtime.ContainerStats.Pids;
import io.containerkit.runtime.ContainerStats.Throttling;
import io.containerkit.runtime.ContainerStats.Usage;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.ObjectReader;
import io.containerkit.spec.SpecException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Reads what `runc events` prints, and runsc's and youki's in its likeness: one JSON document for each event.
///
/// The document leaves out each number that is 0, and with the same spelling each that the kernel does not count. The details of
/// `memory.stat`, which come whole, tell the cgroup version, and that tells the two apart.
final class RuntimeEvents {

  private RuntimeEvents() {}

  /// Reads one event.
  ///
  /// @param at when it was printed; the document does not say
  /// @return empty for an event of a type that this version does not know
  /// @throws SpecException if the document is not an event
  static Optional<ContainerEvent> event(JsonObject document, Instant at) {
    ObjectReader event = ObjectReader.of(document);
    return switch (event.requiredString("type")) {
      case "oom" -> Optional.of(new ContainerEvent.Oom(at, OptionalLong.empty()));
      case "stats" -> Optional.of(new ContainerEvent.Stats(stats(part(event, "data"), at)));
      default -> Optional.empty();
    };
  }

  private static ContainerStats stats(ObjectReader data, Instant at) {
    Optional<Memory> memory = memory(part(data, "memory"));
    boolean ofControlGroup = memory.isPresent() && !memory.get().details().isEmpty();
    return new ContainerStats(
        at,
        cpu(part(data, "cpu")),
        memory,
        pids(part(data, "pids"), ofControlGroup),
        io(part(data, "blkio")),
        hugetlb(data),
        List.of());
  }

  private static Optional<Cpu> cpu(ObjectReader cpu) {
    ObjectReader usage = part(cpu, "usage");
    Long total = usage.uint64("total");
    if (total == null) {
      return Optional.empty();
    }
    CpuTime time =
        new CpuTime(
            KernelTime.nanos(total),
            KernelTime.nanos(number(usage, "user")),
            KernelTime.nanos(number(usage, "kernel")));
    List<Long> totals = usage.uint64s("percpu");
    List<Long> users = usage.uint64s("percpu_user");
    List<Long> systems = usage.uint64s("percpu_kernel");
    List<CpuTime> processors = new ArrayList<>();
    for (int i = 0; i < totals.size() && totals.size() == users.size() && totals.size() == systems.size(); i++) {
      processors.add(
          new CpuTime(
              KernelTime.nanos(totals.get(i)), KernelTime.nanos(users.get(i)), KernelTime.nanos(systems.get(i))));
    }
    ObjectReader throttling = part(cpu, "throttling");
    Throttling throttled =
        new Throttling(
            number(throttling, "periods"),
            number(throttling, "throttledPeriods"),
            KernelTime.nanos(number(throttling, "throttledTime")));
    return Optional.of(new Cpu(time, processors, throttled));
  }

  private static Optional<Memory> memory(ObjectReader memory) {
    Map<String, Long> details = new LinkedHashMap<>();
    ObjectReader raw = part(memory, "raw");
    for (String name : raw.rest().members().keySet()) {
      details.put(name, number(raw, name));
    }
    boolean v1 = details.containsKey("hierarchical_memory_limit");
    Optional<Usage> usage = usage(memory, "usage", v1);
    if (usage.isEmpty()) {
      return Optional.empty();
    }
    Optional<Usage> withSwap = usage(memory, "swap", v1);
    OptionalLong swap = CgroupStatsReader.value(details, "total_swap");
    if (!v1 && withSwap.isPresent()) {
      swap = OptionalLong.of(withSwap.get().current() - usage.get().current());
    }
    Optional<Usage> kernel = usage(memory, "kernel", v1);
    if (!v1) {
      kernel = Optional.ofNullable(details.get("kernel")).map(RuntimeEvents::unlimited);
    }
    // runc 1.3; it counts nothing there on v1.
    ObjectReader events = memory.object("event_count");
    OptionalLong oomKills = v1 || events == null ? OptionalLong.empty() : OptionalLong.of(number(events, "oom_kill"));
    return Optional.of(
        new Memory(
            usage.get(), withSwap, swap, kernel, usage(memory, "kernelTCP", v1), number(memory, "cache"), oomKills, details));
  }

  /// A quantity of memory; absent where it and its limit are 0, which no governed container can have. On v2 runc counts neither
  /// peaks nor failures, whatever it writes for them.
  private static Optional<Usage> usage(ObjectReader memory, String name, boolean v1) {
    ObjectReader usage = part(memory, name);
    long current = number(usage, "usage");
    Long limit = usage.uint64("limit");
    if (limit == null || (limit == 0 && current == 0)) {
      return Optional.empty();
    }
    return Optional.of(
        new Usage(
            current,
            v1 ? OptionalLong.of(number(usage, "max")) : OptionalLong.empty(),
            // A sandbox counts what its processes use and does not know the limit.
            limit == 0 ? Limit.unknown() : Limit.of(limit).orUnlimitedIfHuge(),
            v1 ? OptionalLong.of(number(usage, "failcnt")) : OptionalLong.empty()));
  }

  private static Usage unlimited(long current) {
    return new Usage(current, OptionalLong.empty(), Limit.unlimited(), OptionalLong.empty());
  }

  private static Optional<Pids> pids(ObjectReader pids, boolean ofControlGroup) {
    Long current = pids.uint64("current");
    if (current == null) {
      return Optional.empty();
    }
    Long limit = pids.uint64("limit");
    return Optional.of(
        new Pids(
            current,
            OptionalLong.empty(),
            limit == null ? (ofControlGroup ? Limit.unlimited() : Limit.unknown()) : Limit.of(limit),
            OptionalLong.empty()));
  }

  private static List<ContainerStats.Io> io(ObjectReader blkio) {
    IoCounts counts = new IoCounts();
    read(blkio, "ioServiceBytesRecursive", "bytes", counts);
    read(blkio, "ioServicedRecursive", "ios", counts);
    return counts.toList();
  }

  private static void read(ObjectReader blkio, String table, String unit, IoCounts counts) {
    for (ObjectReader entry : blkio.objects(table)) {
      String direction =
          switch (entry.string("op").toLowerCase(Locale.ROOT)) {
            case "read" -> "r";
            case "write" -> "w";
            case "discard" -> "d";
            default -> "";
          };
      if (!direction.isEmpty()) {
        Device device = new Device(number(entry, "major"), number(entry, "minor"));
        counts.add(device, direction + unit, number(entry, "value"));
      }
    }
  }

  private static List<Hugetlb> hugetlb(ObjectReader data) {
    List<Hugetlb> sizes = new ArrayList<>();
    data.objectMap("hugetlb")
        .forEach(
            (size, usage) ->
                sizes.add(
                    new Hugetlb(
                        size,
                        new Usage(
                            number(usage, "usage"),
                            optional(usage.uint64("max")),
                            Limit.unknown(),
                            optional(usage.uint64("failcnt"))))));
    return sizes;
  }

  private static ObjectReader part(ObjectReader of, String name) {
    ObjectReader part = of.object(name);
    return part == null ? ObjectReader.of(JsonObject.EMPTY) : part;
  }

  private static long number(ObjectReader of, String name) {
    Long number = of.uint64(name);
    return number == null ? 0 : number;
  }

  private static OptionalLong optional(@Nullable Long number) {
    return number == null ? OptionalLong.empty() : OptionalLong.of(number);
  }
}
