package io.containerkit.runtime;

import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.ProcessStat;
import io.containerkit.linux.Signal;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Stops a container: asks, waits, kills, and kills again with growing pauses until it is dead or the time is over.
///
/// It holds nothing while it waits, so several may stop the same container: the one with the least patience wins.
final class StopLoop {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final OciRuntime runtime;

  StopLoop(OciRuntime runtime) {
    this.runtime = runtime;
  }

  ExitStatus stop(ContainerProcess init, StopOptions options) throws InterruptedException {
    String id = init.containerId();
    thaw(id);
    if (!options.grace().isZero() && signal(id, options.signal())) {
      Optional<ExitStatus> asked = init.waitFor(options.grace());
      if (asked.isPresent()) {
        return ended(id, asked.get(), options);
      }
    }
    Deadline deadline = Deadline.in(options.killGrace());
    for (Duration pause = FIRST_PAUSE; ; pause = longer(pause)) {
      signal(id, Signal.KILL);
      Optional<ExitStatus> killed = init.waitFor(min(pause, deadline.left()));
      if (killed.isPresent()) {
        return ended(id, killed.get(), options);
      }
      if (deadline.passed()) {
        throw undead(init, options);
      }
    }
  }

  /// Resumes a paused container: a frozen process takes no signal, on cgroup v1 not even SIGKILL, until it thaws.
  private void thaw(String id) {
    try {
      if (runtime.state(id).status() == State.Status.PAUSED) {
        runtime.resume(id);
      }
    } catch (CommandException e) {
      if (e.kind() != ErrorKind.NOT_FOUND && e.kind() != ErrorKind.RUNNING) {
        throw e;
      }
    }
  }

  private boolean signal(String id, Signal signal) {
    try {
      return runtime.kill(id, signal);
    } catch (CommandException e) {
      if (e.kind() == ErrorKind.NOT_FOUND) {
        return false; // deleted by somebody else, so it has ended
      }
      throw e;
    }
  }

  private ExitStatus ended(String id, ExitStatus status, StopOptions options) {
    if (options.all()) {
      try {
        runtime.killAll(id, Signal.KILL);
      } catch (CommandException e) {
        if (e.kind() != ErrorKind.NOT_FOUND) {
          throw e;
        }
      }
    }
    return status;
  }

  private static Duration longer(Duration pause) {
    return min(pause.multipliedBy(2), LONGEST_PAUSE);
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static CommandException undead(ContainerProcess init, StopOptions options) {
    String state =
        ProcessStat.of(init.pid())
            .map(stat -> stat.state() == 'D' ? "it is in an uninterruptible sleep (D), in the kernel" : "its state is " + stat.state())
            .orElse("it is gone, but nobody reaps it");
    return new CommandException(
        ErrorKind.TIMED_OUT,
        "stop \"" + init.containerId() + "\": " + init + " did not die within " + Deadline.text(options.killGrace()) + " of SIGKILL: " + state,
        List.of(),
        OptionalInt.empty(),
        "",
        List.of(),
        null);
  }
}
