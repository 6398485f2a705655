package io.containerkit.runtime;

import io.containerkit.linux.EventLoop;
import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.Fd;
import io.containerkit.linux.Pipe;
import io.containerkit.linux.Spawn;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Streams that are open on both sides: what the command gets, and what stays with us. One that fails half-way closes what it opened.
final class OpenStdio implements AutoCloseable {

  private final EventLoop loop;
  private final @Nullable Fd[] child = new @Nullable Fd[3];
  private final List<Fd> childOwned = new ArrayList<>();
  private @Nullable Fd stdin;
  private @Nullable ProcessOutput stdout;
  private @Nullable ProcessOutput stderr;
  private boolean merged;
  private @Nullable Path errorFile;
  private long errorStart;

  private OpenStdio(EventLoop loop) {
    this.loop = loop;
  }

  /// Opens what the command gets for its three streams.
  ///
  /// @param drain how long a reader waits for more when the process has ended but something else still holds its pipes
  static OpenStdio open(Stdio stdio, EventLoop loop, Duration drain) {
    OpenStdio open = new OpenStdio(loop);
    try {
      if (stdio instanceof Stdio.Streams(var stdin, var stdout, var stderr)) {
        open.stdin(stdin);
        open.stdout = open.output(1, stdout, drain);
        boolean sameFile =
            stdout instanceof Stdio.Stream.File(Path a, _) && stderr instanceof Stdio.Stream.File(Path b, _) && a.equals(b);
        if (sameFile || stderr instanceof Stdio.Stream.Merged) {
          open.child[2] = open.child[1];
          open.merged = true;
        } else {
          open.stderr = open.output(2, stderr, drain);
        }
        if (stderr instanceof Stdio.Stream.File(Path path, _) && Files.isRegularFile(path)) {
          open.errorFile = path;
          open.errorStart = size(path);
        }
      } else {
        // The runtime's own words; the process has a terminal instead.
        open.stderr = open.output(2, new Stdio.Stream.Pipe(), drain);
      }
      return open;
    } catch (RuntimeException e) {
      open.close();
      throw e;
    }
  }

  private void stdin(Stdio.Stream stream) {
    if (stream instanceof Stdio.Stream.Pipe) {
      Pipe pipe = Pipe.open();
      child[0] = owned(pipe.readEnd());
      stdin = pipe.writeEnd();
    } else if (stream instanceof Stdio.Stream.File(Path path, _)) {
      if (isFifo(path)) {
        throw refused("a FIFO as standard input would block until somebody writes: open it and give the descriptor", path);
      }
      child[0] = owned(Fd.openToRead(path));
    } else {
      child[0] = given(0, stream);
    }
  }

  private @Nullable ProcessOutput output(int number, Stdio.Stream stream, Duration drain) {
    if (stream instanceof Stdio.Stream.Pipe) {
      Pipe pipe = Pipe.open();
      child[number] = owned(pipe.writeEnd());
      return new ProcessOutput(pipe.readEnd(), loop, drain);
    }
    if (stream instanceof Stdio.Stream.File(Path path, boolean append)) {
      // Read and write: the open does not wait for a reader, and there is always one, so nobody gets SIGPIPE.
      child[number] = owned(isFifo(path) ? Fd.openToReadAndWrite(path) : Fd.openToWrite(path, append));
    } else {
      child[number] = given(number, stream);
    }
    return null;
  }

  /// What is there already; null stands for `/dev/null`. No pattern switches here and above: a cold JVM takes 0.4 ms for each.
  private static @Nullable Fd given(int number, Stdio.Stream stream) {
    if (stream instanceof Stdio.Stream.Inherit) {
      return Fd.borrow(number);
    }
    if (stream instanceof Stdio.Stream.Descriptor(Fd fd)) {
      return fd;
    }
    if (stream instanceof Stdio.Stream.Null) {
      return null;
    }
    throw new IllegalStateException("descriptor " + number + " cannot be " + stream);
  }

  private Fd owned(Fd fd) {
    childOwned.add(fd);
    return fd;
  }

  private static boolean isFifo(Path path) {
    try {
      // What is neither file, directory nor link and can be written by name: a FIFO or a device; both open alike here.
      return Files.exists(path) && Files.readAttributes(path, BasicFileAttributes.class).isOther();
    } catch (IOException e) {
      throw refused("it cannot be looked at: " + e, path);
    }
  }

  private static CommandException refused(String why, Path path) {
    return new CommandException(
        ErrorKind.INVALID_ARGUMENT, path + ": " + why, List.of(), OptionalInt.empty(), "", List.of(), null);
  }

  private static long size(Path path) {
    try {
      return Files.size(path);
    } catch (IOException _) {
      return 0; // only the excerpt in a failure's text gets longer
    }
  }

  /// Gives the command its ends.
  void giveTo(Spawn spawn) {
    for (int number = 0; number < 3; number++) {
      if (child[number] != null) {
        spawn.descriptor(number, child[number]);
      }
    }
  }

  /// Closes what only the command needs, so that its end is the end of the streams.
  void closeChildEnds() {
    childOwned.forEach(Fd::close);
    childOwned.clear();
  }

  /// Our end of standard input, if it is a pipe.
  @Nullable Fd stdin() {
    return stdin;
  }

  /// Standard output, if it is a pipe.
  @Nullable ProcessOutput stdout() {
    return stdout;
  }

  /// Standard error, if it is a pipe.
  @Nullable ProcessOutput stderr() {
    return stderr;
  }

  /// What has to be read while the command runs.
  List<ProcessOutput> drains() {
    List<ProcessOutput> drains = new ArrayList<>();
    if (stdout != null) {
      drains.add(stdout);
    }
    if (stderr != null) {
      drains.add(stderr);
    }
    return drains;
  }

  /// Bounds the output by the end of the process.
  void follow(CompletableFuture<ExitStatus> exit) {
    drains().forEach(output -> output.follow(exit));
  }

  /// Whether what is written to standard error can be read here.
  boolean hearsErrors() {
    return stderr != null || (merged && stdout != null) || errorFile != null;
  }

  /// The end of what was written to standard error so far, where that can be known.
  String errorTail() {
    ProcessOutput errors = merged ? stdout : stderr;
    if (errors != null) {
      return errors.tail();
    }
    if (errorFile == null) {
      return "";
    }
    try (var channel = Files.newByteChannel(errorFile)) {
      channel.position(Math.max(errorStart, channel.size() - Capture.TAIL));
      return new String(Channels.newInputStream(channel).readNBytes(Capture.TAIL), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "(" + errorFile + " cannot be read: " + e + ")";
    }
  }

  /// Closes both sides.
  @Override
  public void close() {
    closeChildEnds();
    if (stdin != null) {
      stdin.close();
    }
    if (stdout != null) {
      stdout.close();
    }
    if (stderr != null) {
      stderr.close();
    }
  }
}
