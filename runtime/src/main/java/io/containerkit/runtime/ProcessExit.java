package io.containerkit.runtime;

import io.containerkit.linux.Child;
import io.containerkit.linux.EventLoop;
import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.PidFd;
import io.containerkit.linux.Signal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// How the end of a process becomes known.
///
/// @param future completes with the end of the process, on the loop's thread: what hangs on it must be short and must not block
record ProcessExit(CompletableFuture<ExitStatus> future) {

  /// A process that the kernel tells of.
  static ProcessExit ofDetached(EventLoop loop, Held held) {
    PidFd pidFd = held.pidFd();
    if (pidFd == null) {
      return new ProcessExit(
          CompletableFuture.completedFuture(
              new ExitStatus.Unknown("it was reaped by its parent before it could be held; a subreaper would have kept it")));
    }
    CompletableFuture<ExitStatus> exit = loop.onExitInLoop(pidFd);
    // Its status is known: nothing is left to be asked through the descriptor.
    return new ProcessExit(exit.whenComplete((_, _) -> pidFd.close()));
  }

  /// A process whose command stays as long, and ends with its code. A process that has a terminal or pipes can be over before its
  /// command is, and its command then waits for whatever it left behind: both ends are waited for, the second one not for ever.
  ///
  /// @param exact whether the kernel's status is the process' own: the command cannot tell 143 from a SIGTERM
  static ProcessExit ofAttached(EventLoop loop, Child command, Held held, boolean exact, Duration drain) {
    PidFd pidFd = held.pidFd();
    if (pidFd == null) {
      return new ProcessExit(loop.onExitInLoop(command.pidFd()));
    }
    CompletableFuture<ExitStatus> ended = loop.onExitInLoop(command.pidFd());
    var _ = loop.onExitInLoop(pidFd).thenRun(() -> endLater(command, ended, drain));
    return new ProcessExit(
        ended
            .thenApply(
                status -> {
                  ExitStatus own = exact ? pidFd.status().orElse(status) : status;
                  return own instanceof ExitStatus.Unknown ? status : own;
                })
            .whenComplete((_, _) -> pidFd.close()));
  }

  /// Ends a command whose process is over, first kindly.
  private static void endLater(Child command, CompletableFuture<ExitStatus> exit, Duration drain) {
    after(exit, drain, () -> {
      command.signal(Signal.TERM);
      after(exit, Command.GRACE, () -> command.signal(Signal.KILL));
    });
  }

  /// Does something in some time, on a thread of its own, unless an exit comes first.
  static void after(CompletableFuture<ExitStatus> exit, Duration time, Runnable action) {
    if (exit.isDone()) {
      return;
    }
    var _ =
        exit.copy()
            .orTimeout(time.toNanos(), TimeUnit.NANOSECONDS)
            .whenComplete(
                (_, late) -> {
                  if (late != null) {
                    Thread.startVirtualThread(action);
                  }
                });
  }
}
