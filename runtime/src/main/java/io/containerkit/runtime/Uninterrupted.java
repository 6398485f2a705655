package io.containerkit.runtime;

import io.containerkit.linux.Child;
import io.containerkit.linux.ExitStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/// Waiting that an interrupt puts off: for cleaning up, which is done because of an interrupt. Always bounded.
final class Uninterrupted {

  private Uninterrupted() {}

  /// Waits for the end of a process. The thread's interrupt is kept for later.
  ///
  /// @return empty if it still runs after this time
  static Optional<ExitStatus> await(Child child, Duration time) {
    Deadline deadline = Deadline.in(time);
    return call(() -> child.waitFor(deadline.left()));
  }

  /// Repeats what an interrupt breaks off, and restores the interrupt.
  static <T> T call(Callable<T> waiting) {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return waiting.call();
        } catch (InterruptedException _) {
          interrupted = true;
        } catch (RuntimeException e) {
          throw e;
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
