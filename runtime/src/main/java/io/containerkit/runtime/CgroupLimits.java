package io.containerkit.runtime;

import io.containerkit.runtime.Limit.Bounded;
import io.containerkit.runtime.Limit.Unknown;
import io.containerkit.runtime.Limit.Unlimited;
import io.containerkit.spec.LinuxCpu;
import io.containerkit.spec.LinuxHugepageLimit;
import io.containerkit.spec.LinuxMemory;
import io.containerkit.spec.LinuxPids;
import io.containerkit.spec.LinuxResources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Reads the limits that are in force back from the control groups, in the words of `config.json`: what `update` changed, whoever
/// did it, and what the kernel made of it (it rounds memory down to pages).
final class CgroupLimits {

  private final Controllers at;

  CgroupLimits(Controllers at) {
    this.at = at;
  }

  /// All limits that have a member in `config.json`, and of v2 also `cpu.weight`, from which the `shares` cannot be told: runtimes
  /// convert them by different formulas.
  LinuxResources read() {
    return LinuxResources.builder()
        .memory(memory())
        .cpu(cpu())
        .pids(pids())
        .hugepageLimits(hugepages())
        .unified(text(List.of("cpu.weight")))
        .build();
  }

  /// The limits that runc resets, in its records or in systemd's, when an update leaves them out.
  ///
  /// @param unified the files of v2 that the container's configuration or an update has set
  LinuxResources resetByOmission(Iterable<String> unified) {
    LinuxCpu cpu = cpu();
    LinuxPids pids = pids();
    return LinuxResources.builder()
        .cpu(
            cpu == null
                ? null
                : LinuxCpu.builder().burst(cpu.burst()).cpus(cpu.cpus()).mems(cpu.mems()).build())
        // No limit cannot be reset to less, and crun 1.8 fails to write it.
        .pids(pids == null || Objects.equals(pids.limit(), -1L) ? null : pids)
        .unified(text(unified))
        .build();
  }

  private Map<String, String> text(Iterable<String> names) {
    Map<String, String> content = new LinkedHashMap<>();
    if (at.unified() != null) {
      for (String name : names) {
        at.unified().text(name).ifPresent(text -> content.put(name, text));
      }
    }
    return content;
  }

  private @Nullable LinuxMemory memory() {
    CgroupFiles v1 = at.v1("memory");
    if (v1 != null) {
      OptionalLong swappiness = v1.number("memory.swappiness");
      Long oomOff = v1.table("memory.oom_control").get("oom_kill_disable");
      return LinuxMemory.builder()
          .limit(signed(v1.limit("memory.limit_in_bytes")))
          .reservation(signed(v1.limit("memory.soft_limit_in_bytes")))
          .swap(signed(v1.limit("memory.memsw.limit_in_bytes")))
          .swappiness(swappiness.isPresent() ? swappiness.getAsLong() : null)
          .disableOomKiller(oomOff == null ? null : oomOff == 1)
          .build();
    }
    CgroupFiles v2 = at.unified();
    if (v2 == null || v2.text("memory.max").isEmpty()) {
      return null;
    }
    Limit max = v2.limit("memory.max");
    return LinuxMemory.builder()
        .limit(signed(max))
        .reservation(signed(v2.limit("memory.low")))
        .swap(signed(CgroupStatsReader.sum(max, v2.limit("memory.swap.max"))))
        .build();
  }

  private @Nullable LinuxCpu cpu() {
    CgroupFiles v1 = at.v1("cpu");
    CgroupFiles set = at.either("cpuset");
    LinuxCpu.Builder cpu = LinuxCpu.builder();
    if (set != null) {
      cpu.cpus(set.text("cpuset.cpus").orElse("")).mems(set.text("cpuset.mems").orElse(""));
    }
    if (v1 != null) {
      cpu.shares(number(v1, "cpu.shares"))
          .quota(v1.text("cpu.cfs_quota_us").map(text -> v1.signed("cpu.cfs_quota_us", text)).orElse(null))
          .period(number(v1, "cpu.cfs_period_us"))
          .burst(number(v1, "cpu.cfs_burst_us"))
          .idle(number(v1, "cpu.idle"));
    } else if (at.unified() != null) {
      quota(at.unified(), cpu);
      cpu.burst(number(at.unified(), "cpu.max.burst")).idle(number(at.unified(), "cpu.idle"));
    }
    LinuxCpu read = cpu.build();
    return read.toJson().isEmpty() ? null : read;
  }

  /// `cpu.max` is `QUOTA PERIOD`, with `max` for no quota.
  private static void quota(CgroupFiles v2, LinuxCpu.Builder cpu) {
    Optional<String> max = v2.text("cpu.max");
    if (max.isPresent()) {
      String[] words = max.get().split(" ", -1);
      if (words.length != 2) {
        throw v2.malformed("cpu.max", max.get(), null);
      }
      cpu.quota(signed(v2.limit("cpu.max", words[0]))).period(v2.unsigned("cpu.max", words[1]));
    }
  }

  private @Nullable LinuxPids pids() {
    CgroupFiles files = at.either("pids");
    Long limit = files == null ? null : signed(files.limit("pids.max"));
    return limit == null ? null : LinuxPids.of(limit);
  }

  private List<LinuxHugepageLimit> hugepages() {
    CgroupFiles v1 = at.v1("hugetlb");
    CgroupFiles files = v1 == null ? at.unified() : v1;
    String suffix = v1 == null ? ".max" : ".limit_in_bytes";
    List<LinuxHugepageLimit> limits = new ArrayList<>();
    if (files != null) {
      for (String file : files.names("hugetlb.", suffix)) {
        String size = file.substring("hugetlb.".length(), file.length() - suffix.length());
        // `config.json` has no word for "no limit" here, and none for reservations (`hugetlb.2MB.rsvd.max`).
        if (files.limit(file) instanceof Bounded(long value) && !size.endsWith(".rsvd")) {
          limits.add(LinuxHugepageLimit.of(size, value));
        }
      }
    }
    return limits;
  }

  private static @Nullable Long number(CgroupFiles files, String name) {
    OptionalLong number = files.number(name);
    return number.isPresent() ? number.getAsLong() : null;
  }

  /// As `config.json` has it: -1 for no limit.
  private static @Nullable Long signed(Limit limit) {
    return switch (limit) {
      case Bounded(long value) -> value;
      case Unlimited() -> -1L;
      case Unknown() -> null;
    };
  }
}
