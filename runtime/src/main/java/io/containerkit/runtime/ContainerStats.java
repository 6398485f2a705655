package io.containerkit.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// What a container has used since it was created, and what it may use, as the kernel counts it.
///
/// The same record for cgroup v1 and v2 and for what a runtime prints. A controller that does not govern the container is
/// absent, and so is a number that this kernel does not count: nothing here is guessed. Counts of bytes, events and operations
/// are unsigned 64-bit numbers (see [Long#toUnsignedString(long)]).
///
/// @param at when the numbers were read
/// @param cpu processor time
/// @param memory memory
/// @param pids processes and threads
/// @param io transfers from and to block devices, one entry for each device that was used
/// @param hugetlb huge pages, one entry for each page size of the host
/// @param rdma RDMA adapters, one entry for each adapter
public record ContainerStats(
    Instant at,
    Optional<Cpu> cpu,
    Optional<Memory> memory,
    Optional<Pids> pids,
    List<Io> io,
    List<Hugetlb> hugetlb,
    List<Rdma> rdma) {

  /// Copies the lists.
  public ContainerStats {
    io = List.copyOf(io);
    hugetlb = List.copyOf(hugetlb);
    rdma = List.copyOf(rdma);
  }

  /// Processor time.
  ///
  /// @param time what was used on all processors together
  /// @param perProcessor what was used on each; v2 does not count it, the list is then empty
  /// @param throttling how the quota held it back
  public record Cpu(CpuTime time, List<CpuTime> perProcessor, Throttling throttling) {

    /// Copies the list.
    public Cpu {
      perProcessor = List.copyOf(perProcessor);
    }
  }

  /// A span of processor time. The parts are sampled and need not add up to the total, which is exact.
  ///
  /// @param total user and system time, to the nanosecond on v1 and the microsecond on v2
  /// @param user time outside of the kernel; for all processors together v1 counts it in hundredths of a second
  /// @param system time in the kernel, likewise
  public record CpuTime(Duration total, Duration user, Duration system) {}

  /// How often and how long a quota stopped the container's threads.
  ///
  /// @param periods enforcement periods that have passed
  /// @param throttledPeriods those in which the quota was used up
  /// @param throttledTime how long threads were held back, summed over the processors
  public record Throttling(long periods, long throttledPeriods, Duration throttledTime) {

    /// No quota, or none yet.
    public static final Throttling NONE = new Throttling(0, 0, Duration.ZERO);
  }

  /// Memory, in bytes.
  ///
  /// @param usage all that is charged to the container: its pages, the page cache that it filled, and kernel memory
  /// @param withSwap `usage` and swap together; absent where the kernel does not account swap
  /// @param swap the swap alone
  /// @param kernel kernel memory (stacks, page tables, slabs)
  /// @param kernelTcp buffers of TCP sockets; v1 only
  /// @param cache the page cache, part of `usage`
  /// @param oomKills processes that the OOM killer took from the container
  /// @param details every line of `memory.stat`, under its name in the kernel
  public record Memory(
      Usage usage,
      Optional<Usage> withSwap,
      OptionalLong swap,
      Optional<Usage> kernel,
      Optional<Usage> kernelTcp,
      long cache,
      OptionalLong oomKills,
      Map<String, Long> details) {

    /// Copies the map.
    public Memory {
      details = Map.copyOf(details);
    }

    /// What cannot be had back at once: the usage less the page cache that nobody has touched lately. This is the number
    /// that `docker stats` and the kubelet show.
    public long workingSet() {
      long inactive = details.getOrDefault("total_inactive_file", details.getOrDefault("inactive_file", 0L));
      return Long.compareUnsigned(usage.current, inactive) > 0 ? usage.current - inactive : 0;
    }
  }

  /// One quantity with its bound.
  ///
  /// @param current in use now
  /// @param peak the most that ever was in use
  /// @param limit what may be in use
  /// @param failures how often the limit was hit
  public record Usage(long current, OptionalLong peak, Limit limit, OptionalLong failures) {}

  /// Processes and threads.
  ///
  /// @param current how many there are
  /// @param peak the most there ever were (Linux 6.1)
  /// @param limit how many there may be
  /// @param refusals forks that failed because of the limit (Linux 4.8)
  public record Pids(long current, OptionalLong peak, Limit limit, OptionalLong refusals) {}

  /// Transfers of one block device.
  ///
  /// @param device which
  /// @param bytes how much was transferred
  /// @param operations how many requests that took
  public record Io(Device device, Transfers bytes, Transfers operations) {}

  /// A block device by its numbers.
  ///
  /// @param major the driver's number
  /// @param minor the device's number in its driver
  public record Device(long major, long minor) {
    @Override
    public String toString() {
      return major + ":" + minor;
    }
  }

  /// Counts by direction.
  ///
  /// @param read from the device
  /// @param written to the device
  /// @param discarded blocks declared unused
  public record Transfers(long read, long written, long discarded) {

    /// Nothing.
    public static final Transfers NONE = new Transfers(0, 0, 0);
  }

  /// Huge pages of one size, in bytes.
  ///
  /// @param pageSize the size as the kernel names it, such as `2MB`
  /// @param usage the bytes in use; v2 does not count the peak
  public record Hugetlb(String pageSize, Usage usage) {}

  /// One RDMA adapter.
  ///
  /// @param device its name
  /// @param handles open handles
  /// @param handleLimit how many there may be
  /// @param objects objects in the adapter
  /// @param objectLimit how many there may be
  public record Rdma(String device, long handles, Limit handleLimit, long objects, Limit objectLimit) {}
}
