package io.containerkit.bench;

import java.util.Arrays;
import java.util.List;

/// One timed run of one contender.
///
/// @param status the exit status of the process that ran, as a shell sees it
/// @param exitKnownAt when the contender knew of the exit: [System#nanoTime()], the monotonic clock that peers read, too
/// @param phases nanoseconds of each phase, in the order of the comparison's phase names
record Iteration(int status, long exitKnownAt, List<Long> phases) {

  Iteration {
    phases = List.copyOf(phases);
  }

  /// Makes an iteration of the instants between its phases: n + 1 of them for n phases.
  static Iteration ofInstants(int status, long exitKnownAt, long... instants) {
    Long[] phases = new Long[instants.length - 1];
    Arrays.setAll(phases, i -> instants[i + 1] - instants[i]);
    return new Iteration(status, exitKnownAt, List.of(phases));
  }

  long total() {
    return phases.stream().mapToLong(Long::longValue).sum();
  }
}
