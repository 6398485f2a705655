package io.containerkit.cli;

import io.containerkit.linux.EventLoop;
import io.containerkit.linux.Fd;
import io.containerkit.linux.FdInputStream;
import io.containerkit.linux.FdOutputStream;
import io.containerkit.linux.Signal;
import io.containerkit.linux.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Connects ckit's terminal with the terminal of a process: what is typed goes in, what is printed comes out, and a new window size is
/// passed on. Closing it restores ckit's terminal.
final class TerminalRelay implements AutoCloseable {

  private static final Terminal.Size USUAL = new Terminal.Size(80, 24);

  /// What ends the input of a terminal in its usual settings: Ctrl-D.
  private static final byte[] END_OF_INPUT = {4};

  /// How long the last output may take after the process has ended; what it left behind can keep the terminal open for ever.
  private static final Duration DRAIN = Duration.ofSeconds(2);

  private static final int BUFFER = 32 * 1024;

  private final Attached process;
  private final Thread output;
  private final Terminal.@Nullable RawMode raw;
  private final SignalHook resizing;

  private TerminalRelay(Attached process, boolean interactive) {
    this.process = process;
    Fd input = Fd.borrow(0);
    raw = interactive && Terminal.isTerminal(input) ? new Terminal(input).rawMode() : null;
    if (raw != null) {
      // For the ways out that do not pass by close: a signal that ends the JVM.
      Runtime.getRuntime().addShutdownHook(new Thread(raw::close, "ckit-terminal-restore"));
    }
    resizing = SignalHook.on(Signal.WINCH, this::resize);
    resize();
    output = daemon("ckit-terminal-output", this::copyOutput);
    if (interactive) {
      daemon("ckit-terminal-input", this::copyInput);
    }
  }

  /// Starts to relay.
  ///
  /// @param interactive whether the process gets what is typed
  static TerminalRelay start(Attached process, boolean interactive) {
    return new TerminalRelay(process, interactive);
  }

  /// The size of ckit's terminal, or the usual one where ckit has none.
  static Terminal.Size size() {
    for (int number = 0; number <= 2; number++) {
      Fd fd = Fd.borrow(number);
      if (Terminal.isTerminal(fd)) {
        Terminal.Size size = new Terminal(fd).size();
        return size.columns() == 0 || size.rows() == 0 ? USUAL : size;
      }
    }
    return USUAL;
  }

  private void resize() {
    process.terminal().ifPresent(terminal -> terminal.resize(size()));
  }

  private static Thread daemon(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void copyInput() {
    // Never closed: standard input belongs to whoever started ckit.
    InputStream from = new FdInputStream(Fd.borrow(0), EventLoop.shared());
    OutputStream to = process.stdin();
    try {
      copy(from, to);
      to.write(END_OF_INPUT);
      to.flush();
    } catch (IOException ended) {
      // The process has ended, or the terminal that typed is gone: nobody is left to tell.
      return;
    }
  }

  private void copyOutput() {
    OutputStream to = new FdOutputStream(Fd.borrow(1), EventLoop.shared());
    try (InputStream from = process.stdout()) {
      copy(from, to);
    } catch (IOException unread) {
      // Nobody reads any more. The terminal is closed now, as a hung-up one is, and the process finds that when it prints.
      process.signal(Signal.HUP);
    }
  }

  private static void copy(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
      to.write(buffer, 0, count);
      to.flush();
    }
  }

  /// Waits for the last output and restores the terminal.
  @Override
  public void close() {
    try {
      output.join(DRAIN);
    } catch (InterruptedException e) {
      // The rest of the output is given up; the terminal is restored all the same.
      Thread.currentThread().interrupt();
    } finally {
      resizing.close();
      if (raw != null) {
        raw.close();
      }
    }
  }
}
