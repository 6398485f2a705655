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
  private @Nullable RuntimeException failure;

  /// Adds a step; the last one added runs first.
  Closing then(Step step) {
    steps.addFirst(step);
    return this;
  }

  /// Adds a step that is left out when one before it has failed.
  Closing thenIfAllWell(Step step) {
    return then(() -> {
      if (failure == null) {
        step.run();
      }
    });
  }

  /// Runs every step. To be called once.
  void run() {
    for (Step step : steps) {
      attempt(step);
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void attempt(Step step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      if (failure == null) {
        failure = e;
      } else {
        failure.addSuppressed(e);
      }
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
