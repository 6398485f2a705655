package io.containerkit.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Closes several things so that each is closed whatever the others do: the first failure is thrown, the others are suppressed.
final class Closing {

  /// Something that is undone; unlike [AutoCloseable] it throws nothing checked.
  @FunctionalInterface
  interface Step {
    void run();
  }

  private final List<Step> steps = new ArrayList<>();

  /// Adds a step; the last one added runs first.
  Closing then(Step step) {
    steps.addFirst(step);
    return this;
  }

  /// Runs every step.
  void run() {
    RuntimeException failure = null;
    for (Step step : steps) {
      failure = attempt(step, failure);
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static @Nullable RuntimeException attempt(Step step, @Nullable RuntimeException earlier) {
    try {
      step.run();
      return earlier;
    } catch (RuntimeException e) {
      if (earlier == null) {
        return e;
      }
      earlier.addSuppressed(e);
      return earlier;
    }
  }

  /// Closes something on the way out with a failure, which keeps what the close throws.
  static void suppressing(Throwable failure, Step step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
