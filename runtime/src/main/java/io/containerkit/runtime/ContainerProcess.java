package io.containerkit.runtime;

import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.PidFd;
import io.containerkit.linux.Signal;
import io.containerkit.linux.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A process in a container: its init, or one that was executed in it. Held by a pidfd, so it never comes to mean another process.
///
/// Thread-safe. The streams belong to this object. [#close] lets go of the process without ending it: what it writes to a closed
/// pipe ends it as `SIGPIPE` does everywhere, so close after the exit, or give it other streams.
public final class ContainerProcess implements AutoCloseable {

  /// Sends a signal the way this process takes it.
  interface Signaller {
    /// Sends it.
    ///
    /// @return false if the process has ended
    boolean send(Signal signal);
  }

  private final String containerId;
  private final int pid;
  private final @Nullable PidFd pidFd;
  private final CompletableFuture<ExitStatus> exit;
  private final Signaller signaller;
  private final ProcessStreams streams;
  private volatile boolean timedOut;

  /// @param pidFd null if the process ended before it could be held
  ContainerProcess(
      String containerId,
      int pid,
      @Nullable PidFd pidFd,
      CompletableFuture<ExitStatus> exit,
      Signaller signaller,
      ProcessStreams streams) {
    this.containerId = containerId;
    this.pid = pid;
    this.pidFd = pidFd;
    this.exit = exit;
    this.signaller = signaller;
    this.streams = streams;
  }

  /// The container that the process is in.
  public String containerId() {
    return containerId;
  }

  /// The process id on the host; of the sandbox where the runtime has one. After the exit it may come to mean another process.
  public int pid() {
    return pid;
  }

  /// What is written here, the process reads. It discards everything unless standard input is a pipe or a terminal.
  public OutputStream stdin() {
    return streams.stdin();
  }

  /// What the process prints; empty unless standard output is a pipe or a terminal.
  public InputStream stdout() {
    return streams.stdout();
  }

  /// What the process prints to standard error; empty unless that is a pipe.
  public InputStream stderr() {
    return streams.stderr();
  }

  /// The terminal, to be resized; empty if the process has none.
  public Optional<Terminal> terminal() {
    return streams.terminal();
  }

  /// Whether a stream of the output ended because the process had ended while something that it left still held the pipe.
  public boolean outputCut() {
    return streams.cut();
  }

  /// Tells of the end of the process. What hangs on the future runs on a virtual thread of its own. Completing or cancelling it does
  /// nothing to the process.
  public CompletableFuture<ExitStatus> onExit() {
    // Of a process that has ended the future is done at once: who has waited for the end asks it and does not wait again.
    return exit.isDone() ? exit.copy() : exit.thenApplyAsync(Function.identity(), Thread::startVirtualThread);
  }

  /// Waits for the end of the process, for as long as it takes.
  public ExitStatus waitFor() throws InterruptedException {
    try {
      return exit.get();
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  /// Waits for the end of the process.
  ///
  /// @return empty if it still runs after this time
  public Optional<ExitStatus> waitFor(Duration timeout) throws InterruptedException {
    try {
      return Optional.of(exit.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException _) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  private static RuntimeException failure(ExecutionException e) {
    return e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
  }

  /// Sends a signal.
  ///
  /// @return false if the process has ended, which makes the signal pointless
  public boolean signal(Signal signal) {
    return !exit.isDone() && signaller.send(signal);
  }

  /// Kills the process if it runs longer than this.
  void killAfter(Duration time) {
    ProcessExit.after(
        exit,
        time,
        () -> {
          timedOut = true; // before its exit can be seen
          timedOut = signal(Signal.KILL);
        });
  }

  /// Whether the process was killed because its time was over, see [ExecOptions#timeout].
  public boolean timedOut() {
    return timedOut;
  }

  /// Whether the process runs. A zombie does not.
  public boolean isAlive() {
    return !exit.isDone() && pidFd != null && pidFd.isAlive();
  }

  /// Closes the streams and lets go of the process. Who still waits for its exit learns [ExitStatus.Unknown].
  @Override
  public void close() {
    try {
      streams.close();
    } catch (IOException e) {
      throw IoFailure.of(this, "the streams of " + this + " cannot be closed", e);
    } finally {
      if (pidFd != null) {
        pidFd.close();
      }
    }
  }

  @Override
  public String toString() {
    return "process " + pid + " of container \"" + containerId + "\"";
  }
}
