package io.containerkit.runtime;

import java.time.Duration;

/// A point in time at which waiting ends.
///
/// @param nanos in the time of [System#nanoTime]
record Deadline(long nanos) {

  static Deadline in(Duration time) {
    long now = System.nanoTime();
    try {
      return new Deadline(Math.addExact(now, time.toNanos()));
    } catch (ArithmeticException _) {
      return new Deadline(now + Long.MAX_VALUE / 2); // 146 years from now
    }
  }

  /// A length of time for people: `30 s`, `250 ms`.
  static String text(Duration time) {
    return time.toMillisPart() == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }

  /// The earlier one of this and a time from now.
  Deadline orIn(Duration time) {
    Deadline other = in(time);
    return other.nanos - nanos < 0 ? other : this;
  }

  /// How long it is until then; zero once it has passed.
  Duration left() {
    return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
  }

  boolean passed() {
    return nanos - System.nanoTime() <= 0;
  }
}
