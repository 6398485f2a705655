package io.containerkit.cli;

import io.containerkit.spec.LinuxBlockIo;
import io.containerkit.spec.LinuxCpu;
import io.containerkit.spec.LinuxMemory;
import io.containerkit.spec.LinuxPids;
import io.containerkit.spec.LinuxResources;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The limits of a container: the flags that `run`, `create` and `update` have in common, read as `linux.resources`.
final class ResourceFlags {

  /// In microseconds. The kernel's own default, and what podman uses for `--cpus`.
  private static final long CPU_PERIOD = 100_000;

  private ResourceFlags() {}

  static void describe(Flags flags) {
    flags
        .section("Limits")
        .value("m", "memory", "SIZE", "The most memory, such as 512m; -1 is unlimited.")
        .value("memory-reservation", "SIZE", "The memory that is left to it when the host runs short.")
        .value("memory-swap", "SIZE", "The most memory and swap together; -1 is unlimited.")
        .value("memory-swappiness", "0-100", "How readily its memory is swapped out.")
        .value("cpus", "NUMBER", "The most processors, such as 1.5.")
        .value("c", "cpu-shares", "NUMBER", "Its weight where processors are short; 1024 is usual.")
        .value("cpu-period", "MICROSECONDS", "The period of the quota.")
        .value("cpu-quota", "MICROSECONDS", "The processor time in each period; -1 is unlimited.")
        .value("cpuset-cpus", "LIST", "The processors it may use, such as 0-2,5.")
        .value("cpuset-mems", "LIST", "The memory nodes it may use.")
        .value("pids-limit", "NUMBER", "The most processes; -1 is unlimited.")
        .value("blkio-weight", "10-1000", "Its weight where disks are busy.");
  }

  /// The limits that were named, and no others.
  static LinuxResources of(Arguments arguments) {
    Optional<Long> pids = Values.number(arguments, "pids-limit", -1, Long.MAX_VALUE);
    Optional<Long> weight = Values.number(arguments, "blkio-weight", 10, 1000);
    return LinuxResources.builder()
        .memory(memory(arguments))
        .cpu(cpu(arguments))
        .pids(pids.isPresent() ? LinuxPids.of(pids.get()) : null)
        .blockIo(weight.isPresent() ? LinuxBlockIo.builder().weight(weight.get().intValue()).build() : null)
        .build();
  }

  private static @Nullable LinuxMemory memory(Arguments arguments) {
    Long limit = Values.bytes(arguments, "memory").orElse(null);
    Long reservation = Values.bytes(arguments, "memory-reservation").orElse(null);
    Long swap = Values.bytes(arguments, "memory-swap").orElse(null);
    Long swappiness = Values.number(arguments, "memory-swappiness", 0, 100).orElse(null);
    if (limit != null && swap != null && swap != -1 && swap < limit) {
      throw arguments.mistake("--memory-swap is memory and swap together, so it cannot be less than --memory");
    }
    if (limit == null && reservation == null && swap == null && swappiness == null) {
      return null;
    }
    return LinuxMemory.builder().limit(limit).reservation(reservation).swap(swap).swappiness(swappiness).build();
  }

  private static @Nullable LinuxCpu cpu(Arguments arguments) {
    Long cpus = Values.microCpus(arguments, "cpus").orElse(null);
    Long shares = Values.number(arguments, "cpu-shares", 0, Long.MAX_VALUE).orElse(null);
    Long quota = Values.number(arguments, "cpu-quota", -1, Long.MAX_VALUE).orElse(null);
    Long period = Values.number(arguments, "cpu-period", 1, 1_000_000).orElse(null);
    String processors = arguments.text("cpuset-cpus").orElse("");
    String nodes = arguments.text("cpuset-mems").orElse("");
    if (cpus != null) {
      if (quota != null || period != null) {
        throw arguments.mistake("--cpus cannot be combined with --cpu-quota or --cpu-period: it sets both");
      }
      period = CPU_PERIOD;
      quota = Math.multiplyExact(cpus, CPU_PERIOD) / 1_000_000;
    }
    if (shares == null && quota == null && period == null && processors.isEmpty() && nodes.isEmpty()) {
      return null;
    }
    return LinuxCpu.builder().shares(shares).quota(quota).period(period).cpus(processors).mems(nodes).build();
  }
}
