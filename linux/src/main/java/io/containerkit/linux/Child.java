package io.containerkit.linux;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// A process that [Spawn] started. The loop reaps it when it ends and frees its descriptor, whether anybody asks or not, so there
/// is nothing to close and no zombie to be left.
public final class Child {

  private final PidFd pidFd;
  private final EventLoop loop;
  private final CompletableFuture<ExitStatus> exit;

  Child(PidFd pidFd, EventLoop loop) {
    this.pidFd = pidFd;
    this.loop = loop;
    this.exit = loop.exit(pidFd);
  }

  /// The process id.
  public int pid() {
    return pidFd.pid();
  }

  /// The process itself; owned by the loop, do not close it.
  public PidFd pidFd() {
    return pidFd;
  }

  /// Tells of the end of the process. What hangs on the future runs on a virtual thread of its own.
  public CompletableFuture<ExitStatus> onExit() {
    return loop.onExit(pidFd);
  }

  /// Waits for the end of the process, for as long as it takes.
  public ExitStatus waitFor() throws InterruptedException {
    EventLoop.await(exit);
    return exit.join();
  }

  /// Waits for the end of the process.
  ///
  /// @return empty if it still runs after this time
  public Optional<ExitStatus> waitFor(Duration timeout) throws InterruptedException {
    return EventLoop.await(exit, timeout) ? Optional.of(exit.join()) : Optional.empty();
  }

  /// Sends a signal.
  ///
  /// @return false if the process has ended
  public boolean signal(Signal signal) {
    return pidFd.signal(signal);
  }

  @Override
  public String toString() {
    return pidFd.toString();
  }
}
