package io.containerkit.runtime;

import io.containerkit.runtime.ContainerStats.Cpu;
import io.containerkit.runtime.ContainerStats.CpuTime;
import io.containerkit.runtime.ContainerStats.Hugetlb;
import io.containerkit.runtime.ContainerStats.Io;
import io.containerkit.runtime.ContainerStats.Memory;
import io.containerkit.runtime.ContainerStats.Throttling;
import io.containerkit.runtime.ContainerStats.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The controllers whose files are others in cgroup v1 than in v2 (kernel: Documentation/admin-guide/cgroup-v1).
final class CgroupV1 {

  private CgroupV1() {}

  static Optional<Cpu> cpu(CgroupFiles account, @Nullable CgroupFiles quota) {
    OptionalLong total = account.number("cpuacct.usage");
    if (total.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Long> stat = account.table("cpuacct.stat");
    CpuTime time =
        new CpuTime(
            KernelTime.nanos(total.getAsLong()),
            KernelTime.ticks(stat.getOrDefault("user", 0L)),
            KernelTime.ticks(stat.getOrDefault("system", 0L)));
    Throttling throttling = Throttling.NONE;
    if (quota != null) {
      Map<String, Long> held = quota.table("cpu.stat");
      throttling =
          new Throttling(
              held.getOrDefault("nr_periods", 0L),
              held.getOrDefault("nr_throttled", 0L),
              KernelTime.nanos(held.getOrDefault("throttled_time", 0L)));
    }
    return Optional.of(new Cpu(time, perProcessor(account), throttling));
  }

  /// `cpuacct.usage_percpu` is one line of totals; `cpuacct.usage_all` (Linux 4.7) has a heading and then a line
  /// `processor user system` for each, in the same order. The totals are exact and the parts are sampled.
  private static List<CpuTime> perProcessor(CgroupFiles account) {
    Optional<String> totals = account.text("cpuacct.usage_percpu").filter(text -> !text.isEmpty());
    List<String> parts = account.lines("cpuacct.usage_all");
    List<CpuTime> times = new ArrayList<>();
    if (totals.isPresent() && !parts.isEmpty()) {
      String[] total = totals.get().split(" +", -1);
      for (int i = 0; i < total.length && i + 1 < parts.size(); i++) {
        String[] part = parts.get(i + 1).split(" +", -1);
        if (part.length != 3) {
          throw account.malformed("cpuacct.usage_all", parts.get(i + 1), null);
        }
        times.add(
            new CpuTime(
                KernelTime.nanos(account.unsigned("cpuacct.usage_percpu", total[i])),
                KernelTime.nanos(account.unsigned("cpuacct.usage_all", part[1])),
                KernelTime.nanos(account.unsigned("cpuacct.usage_all", part[2]))));
      }
    }
    return times;
  }

  static Optional<Memory> memory(CgroupFiles files) {
    Optional<Usage> usage = memoryUsage(files, "memory.");
    if (usage.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Long> stat = files.table("memory.stat");
    return Optional.of(
        new Memory(
            usage.get(),
            memoryUsage(files, "memory.memsw."),
            CgroupStatsReader.value(stat, "total_swap"),
            memoryUsage(files, "memory.kmem."),
            memoryUsage(files, "memory.kmem.tcp."),
            stat.getOrDefault("total_cache", stat.getOrDefault("cache", 0L)),
            CgroupStatsReader.value(files.table("memory.oom_control"), "oom_kill"),
            stat));
  }

  private static Optional<Usage> memoryUsage(CgroupFiles files, String prefix) {
    return usage(
        files, prefix + "usage_in_bytes", prefix + "max_usage_in_bytes", prefix + "limit_in_bytes", prefix + "failcnt");
  }

  private static Optional<Usage> usage(
      CgroupFiles files, String current, String peak, String limit, String failures) {
    OptionalLong value = files.number(current);
    return value.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Usage(
                value.getAsLong(), files.number(peak), files.limit(limit), files.number(failures)));
  }

  /// Each line is `8:0 Read 4096`; the last, `Total 4096`, is the sum over the devices. These two files of the throttling
  /// layer count with every scheduler; those of a scheduler (`blkio.bfq.*`) count only while it is in use.
  static List<Io> io(CgroupFiles files) {
    IoCounts counts = new IoCounts();
    read(files, "blkio.throttle.io_service_bytes", "bytes", counts);
    read(files, "blkio.throttle.io_serviced", "ios", counts);
    return counts.toList();
  }

  private static void read(CgroupFiles files, String name, String unit, IoCounts counts) {
    // The recursive form includes the control groups that the container made for itself.
    List<String> recursive = files.lines(name + "_recursive");
    String file = recursive.isEmpty() ? name : name + "_recursive";
    for (String line : recursive.isEmpty() ? files.lines(name) : recursive) {
      String[] words = line.split(" +", -1);
      if (words.length == 3) {
        // Sync, Async and Total are other sums of the same requests.
        String direction =
            switch (words[1]) {
              case "Read" -> "r";
              case "Write" -> "w";
              case "Discard" -> "d";
              default -> "";
            };
        if (!direction.isEmpty()) {
          counts.add(files, file, words[0], direction + unit, files.unsigned(file, words[2]));
        }
      } else if (words.length != 2 || !words[0].equals("Total")) {
        throw files.malformed(file, line, null);
      }
    }
  }

  static List<Hugetlb> hugetlb(CgroupFiles files) {
    List<Hugetlb> sizes = new ArrayList<>();
    for (String file : files.names("hugetlb.", ".usage_in_bytes")) {
      String size = file.substring("hugetlb.".length(), file.length() - ".usage_in_bytes".length());
      // `hugetlb.2MB.rsvd.usage_in_bytes` counts reservations, not pages.
      if (!size.endsWith(".rsvd")) {
        String prefix = "hugetlb." + size;
        usage(files, file, prefix + ".max_usage_in_bytes", prefix + ".limit_in_bytes", prefix + ".failcnt")
            .ifPresent(usage -> sizes.add(new Hugetlb(size, usage)));
      }
    }
    return sizes;
  }
}
