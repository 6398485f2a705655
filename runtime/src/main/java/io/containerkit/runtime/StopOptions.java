package io.containerkit.runtime;

import io.containerkit.linux.Signal;
import java.time.Duration;

/// How a container is stopped: asked first, then killed.
///
/// @param signal what asks it to end
/// @param grace how long it may take; zero kills at once
/// @param killGrace how long it may take to die of `SIGKILL`
/// @param all kill what is left in the container's control group once its init has ended: needed where the container has no pid
///     namespace of its own, in which everything would die with init
public record StopOptions(Signal signal, Duration grace, Duration killGrace, boolean all) {

  private static final StopOptions DEFAULTS = new StopOptions(Signal.TERM, Duration.ofSeconds(10), Duration.ofSeconds(10), false);

  public StopOptions {
    if (grace.isNegative() || killGrace.isNegative()) {
      throw new IllegalArgumentException("a grace is not negative");
    }
  }

  /// `SIGTERM`, 10 seconds, then `SIGKILL`.
  public static StopOptions defaults() {
    return DEFAULTS;
  }

  /// With another signal that asks.
  public StopOptions withSignal(Signal signal) {
    return new StopOptions(signal, grace, killGrace, all);
  }

  /// With another time before the kill.
  public StopOptions withGrace(Duration grace) {
    return new StopOptions(signal, grace, killGrace, all);
  }

  /// With another time for the kill itself.
  public StopOptions withKillGrace(Duration killGrace) {
    return new StopOptions(signal, grace, killGrace, all);
  }

  /// Whether to kill what init leaves.
  public StopOptions withAll(boolean all) {
    return new StopOptions(signal, grace, killGrace, all);
  }
}
