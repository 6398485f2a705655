package io.containerkit.linux;

import java.time.Duration;

/// Pauses between attempts: 1 ms, then always twice as long, up to 64 ms; until a deadline.
final class BackOff {

  private static final long LONGEST_MILLIS = 64;

  private final long end;
  private long millis = 1;

  BackOff(Duration timeout) {
    end = System.nanoTime() + timeout.toNanos();
  }

  /// Pauses before the next attempt.
  ///
  /// @return false, without a pause, if the time is up
  boolean pause() throws InterruptedException {
    if (System.nanoTime() - end >= 0) {
      return false;
    }
    Thread.sleep(millis);
    millis = Math.min(LONGEST_MILLIS, millis * 2);
    return true;
  }
}
