package io.containerkit.cli;

import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.Signal;
import io.containerkit.runtime.Stdio;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Stands in front of a process until it ends.
///
/// @param terminal whether the process has a terminal
/// @param interactive whether it gets what ckit is given
/// @param sigProxy whether it gets ckit's signals
/// @param runFor how long it may run before it is stopped
/// @param outputs where it prints to if it has no terminal
record Foreground(boolean terminal, boolean interactive, boolean sigProxy, Optional<Duration> runFor, Outputs outputs) {

  /// How long a process that was asked to end may take.
  private static final Duration GRACE = Duration.ofSeconds(10);

  Foreground(boolean terminal, boolean interactive, boolean sigProxy, Optional<Duration> runFor) {
    this(terminal, interactive, sigProxy, runFor, Outputs.own());
  }

  /// What the process has for its standard streams: a terminal, or the way to ckit's own.
  Stdio stdio() {
    if (terminal) {
      return Stdio.terminal(TerminalRelay.size());
    }
    return outputs.stdio(interactive ? new Stdio.Stream.Inherit() : new Stdio.Stream.Null());
  }

  /// Starts the process and waits for its end.
  ///
  /// @param start lets it run, once signals and the terminal are connected
  ExitStatus run(Attached process, Runnable start) throws InterruptedException {
    List<Thread> relays = terminal ? List.of() : outputs.relay(process);
    ExitStatus status = attend(process, start);
    // Signals are ckit's own again: if nobody reads what is still to be printed, they end it.
    for (Thread relay : relays) {
      relay.join();
    }
    return status;
  }

  private ExitStatus attend(Attached process, Runnable start) throws InterruptedException {
    SignalProxy proxy = sigProxy ? SignalProxy.to(process) : null;
    try {
      if (!terminal) {
        start.run();
        return await(process);
      }
      try (TerminalRelay _ = TerminalRelay.start(process, interactive)) {
        start.run();
        return await(process);
      }
    } finally {
      if (proxy != null) {
        proxy.close();
      }
    }
  }

  private ExitStatus await(Attached process) throws InterruptedException {
    if (runFor.isEmpty()) {
      return process.waitFor();
    }
    Optional<ExitStatus> status = process.waitFor(runFor.get());
    if (status.isEmpty()) {
      process.signal(Signal.TERM);
      status = process.waitFor(GRACE);
    }
    if (status.isPresent()) {
      return status.get();
    }
    process.signal(Signal.KILL);
    return process.waitFor();
  }
}
