package io.containerkit.runtime;

import java.time.Duration;

/// Spans of time as the kernel writes them: unsigned 64-bit counts of a unit, all of which fit into a [Duration].
final class KernelTime {

  private KernelTime() {}

  static Duration nanos(long count) {
    return of(count, 1_000_000_000);
  }

  static Duration micros(long count) {
    return of(count, 1_000_000);
  }

  /// `USER_HZ`, which is 100 on every architecture that the JDK runs on, whatever the kernel's own tick is.
  static Duration ticks(long count) {
    return of(count, 100);
  }

  private static Duration of(long count, int perSecond) {
    return Duration.ofSeconds(
        Long.divideUnsigned(count, perSecond),
        Long.remainderUnsigned(count, perSecond) * (1_000_000_000 / perSecond));
  }
}
