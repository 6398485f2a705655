package io.containerkit.runtime;

import io.containerkit.linux.Fd;
import io.containerkit.linux.FdInputStream;
import io.containerkit.linux.FdOutputStream;
import io.containerkit.linux.EventLoop;
import io.containerkit.linux.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Our side of a process' streams. What it does not have is empty or discards.
final class ProcessStreams {

  private static final ProcessStreams NONE = new ProcessStreams(null, null, null, null);

  private final OutputStream stdin;
  private final InputStream stdout;
  private final InputStream stderr;
  private final @Nullable Terminal terminal;

  private ProcessStreams(
      @Nullable OutputStream stdin, @Nullable InputStream stdout, @Nullable InputStream stderr, @Nullable Terminal terminal) {
    this.stdin = stdin == null ? OutputStream.nullOutputStream() : stdin;
    this.stdout = stdout == null ? InputStream.nullInputStream() : stdout;
    this.stderr = stderr == null ? InputStream.nullInputStream() : stderr;
    this.terminal = terminal;
  }

  static ProcessStreams none() {
    return NONE;
  }

  static ProcessStreams of(OpenStdio stdio, EventLoop loop) {
    Fd stdin = stdio.stdin();
    if (stdin != null) {
      stdin.setNonBlocking();
    }
    return new ProcessStreams(stdin == null ? null : new FdOutputStream(stdin, loop), stdio.stdout(), stdio.stderr(), null);
  }

  /// @param master the user's side of the terminal, owned by the streams from now on
  static ProcessStreams of(Fd master, EventLoop loop) {
    master.setNonBlocking();
    return new ProcessStreams(
        new FdOutputStream(master, loop), new FdInputStream(master, loop), null, new Terminal(master));
  }

  OutputStream stdin() {
    return stdin;
  }

  InputStream stdout() {
    return stdout;
  }

  InputStream stderr() {
    return stderr;
  }

  Optional<Terminal> terminal() {
    return Optional.ofNullable(terminal);
  }

  boolean cut() {
    return cut(stdout) || cut(stderr);
  }

  private static boolean cut(InputStream stream) {
    return stream instanceof ProcessOutput output && output.cut();
  }

  void close() throws IOException {
    try (stdin; stdout) {
      stderr.close();
    }
  }
}
