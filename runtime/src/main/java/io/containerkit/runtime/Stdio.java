package io.containerkit.runtime;

import io.containerkit.linux.Fd;
import io.containerkit.linux.Terminal;
import java.nio.file.Path;

/// What a container's process has for standard input, output and error: three [streams][Streams], or a terminal.
///
/// A process writes to a pipe as long as its reader keeps up, and blocks when the pipe is full: nothing is dropped and nothing is
/// buffered here. Who must not block a container reads in time, or uses a file.
public sealed interface Stdio {

  /// Three streams, each its own.
  record Streams(Stream stdin, Stream stdout, Stream stderr) implements Stdio {
    public Streams {
      if (stdin instanceof Stream.Merged || stdout instanceof Stream.Merged) {
        throw new IllegalArgumentException("only standard error can go where standard output goes");
      }
    }
  }

  /// A terminal of the container's own (`pty(7)`), whose user side the caller gets. The process' `terminal` must be true in its
  /// specification.
  ///
  /// @param size the first size of its window
  record Console(Terminal.Size size) implements Stdio {}

  /// One of the three.
  sealed interface Stream {

    /// `/dev/null`.
    record Null() implements Stream {}

    /// The same one as this JVM's.
    record Inherit() implements Stream {}

    /// A file, created if need be and opened before the process starts. If output and error name the same file, it is opened
    /// once. A FIFO takes output even while nobody reads it, and does not end the process when its reader goes.
    ///
    /// @param append write behind what is there; otherwise the file is emptied
    record File(Path path, boolean append) implements Stream {}

    /// An open descriptor. It stays the caller's, who may close it as soon as the process runs.
    record Descriptor(Fd fd) implements Stream {}

    /// A pipe whose other end the caller gets as a stream of [ContainerProcess].
    record Pipe() implements Stream {}

    /// For standard error: wherever standard output goes, in the order in which both are written.
    record Merged() implements Stream {}
  }

  /// `/dev/null` three times.
  static Stdio none() {
    return new Streams(new Stream.Null(), new Stream.Null(), new Stream.Null());
  }

  /// The three of this JVM.
  static Stdio inherit() {
    return new Streams(new Stream.Inherit(), new Stream.Inherit(), new Stream.Inherit());
  }

  /// Three pipes.
  static Stdio pipes() {
    return new Streams(new Stream.Pipe(), new Stream.Pipe(), new Stream.Pipe());
  }

  /// No input, and pipes for output and error.
  static Stdio output() {
    return new Streams(new Stream.Null(), new Stream.Pipe(), new Stream.Pipe());
  }

  /// A terminal.
  static Stdio terminal(Terminal.Size size) {
    return new Console(size);
  }

  /// Three streams, each its own.
  static Stdio of(Stream stdin, Stream stdout, Stream stderr) {
    return new Streams(stdin, stdout, stderr);
  }
}
