package io.containerkit.engine;

import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.Signal;
import io.containerkit.linux.Terminal;
import io.containerkit.runtime.ContainerProcess;
import io.containerkit.spec.ProcessSpec;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// A further process in a running container. Thread-safe.
///
/// Its caller closes it; a process that still runs is killed then. What its container still holds when it is closed itself is
/// closed with it.
public final class Execution implements AutoCloseable {

  private final Container container;
  private final FittedProcess fitted;
  private final ContainerProcess process;

  Execution(Container container, FittedProcess fitted, ContainerProcess process) {
    this.container = container;
    this.fitted = fitted;
    this.process = process;
  }

  /// The container that the process runs in.
  public Container container() {
    return container;
  }

  /// What the process is, as the runtime was told.
  public ProcessSpec spec() {
    return fitted.process();
  }

  /// In what [#spec] differs from what was asked for, because this host does not allow it: limits above those of this process. To be told
  /// to whoever asked.
  public List<Adjustment> adjustments() {
    return fitted.adjustments();
  }

  /// The process in the host's pid namespace.
  public int pid() {
    return process.pid();
  }

  /// What is written here the process reads as its standard input; discarded unless that is a pipe or a terminal.
  public OutputStream stdin() {
    return process.stdin();
  }

  /// What the process writes to its standard output, or to its terminal; empty unless that is a pipe or a terminal.
  public InputStream stdout() {
    return process.stdout();
  }

  /// What the process writes to its standard error; empty unless that is a pipe.
  public InputStream stderr() {
    return process.stderr();
  }

  /// The terminal of the process, to be resized; empty if it has none.
  public Optional<Terminal> terminal() {
    return process.terminal();
  }

  /// Whether the process runs.
  public boolean isAlive() {
    return process.isAlive();
  }

  /// Whether the process was killed because its time was over, see [io.containerkit.runtime.ExecOptions#timeout].
  public boolean timedOut() {
    return process.timedOut();
  }

  /// Whether a stream of the output ended because the process had ended while something that it left still held the pipe.
  public boolean outputCut() {
    return process.outputCut();
  }

  /// Tells how the process ended.
  public CompletableFuture<ExitStatus> onExit() {
    return process.onExit();
  }

  /// Waits until the process has ended, for as long as it takes.
  public ExitStatus waitFor() throws InterruptedException {
    return process.waitFor();
  }

  /// Waits until the process has ended.
  ///
  /// @return empty if it still runs after this time
  public Optional<ExitStatus> waitFor(Duration timeout) throws InterruptedException {
    return process.waitFor(timeout);
  }

  /// Sends a signal.
  ///
  /// @return false if the process has ended
  public boolean signal(Signal signal) {
    return process.signal(signal);
  }

  /// Kills the process if it still runs, and lets go of its streams. Idempotent.
  @Override
  public void close() {
    container.forget(this);
    if (process.isAlive()) {
      process.signal(Signal.KILL);
    }
    process.close();
  }

  @Override
  public String toString() {
    return "Execution[" + String.join(" ", spec().args()) + " in " + container.id() + ", pid " + pid() + "]";
  }
}
