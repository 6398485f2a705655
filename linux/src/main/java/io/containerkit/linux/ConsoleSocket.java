package io.containerkit.linux;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The socket to which a runtime sends the master of a container's terminal (`--console-socket`): it connects, sends one message
/// with one descriptor, and goes away. The file is removed when the terminal has arrived, or on [#close].
///
/// Who wants to give up early closes it: a thread in [#receive] is woken with `EBADF`.
public final class ConsoleSocket implements AutoCloseable {

  private final Path path;
  private final EventLoop loop;
  private final Fd socket;

  private ConsoleSocket(Path path, EventLoop loop, Fd socket) {
    this.path = path;
    this.loop = loop;
    this.socket = socket;
  }

  /// Makes the socket, which a runtime can connect to from now on.
  ///
  /// @param path at most 107 bytes long, where nothing is yet; its directory says who may connect
  /// @throws IllegalArgumentException if the path is too long
  /// @throws io.containerkit.spec.KernelException of kind `IO` with `EADDRINUSE` if something is there
  public static ConsoleSocket listen(Path path, EventLoop loop) {
    Fd socket = UnixSocket.open();
    try {
      UnixSocket.bind(socket, path);
    } catch (RuntimeException e) {
      socket.close();
      throw e;
    }
    ConsoleSocket console = new ConsoleSocket(path, loop, socket);
    try {
      UnixSocket.listen(socket, path);
      return console;
    } catch (RuntimeException e) {
      console.close();
      throw e;
    }
  }

  /// Where the runtime connects.
  public Path path() {
    return path;
  }

  /// Waits for the terminal and removes the socket's file. A connection that brings none is passed over.
  ///
  /// @return the master, owned by the caller; empty if none came in this time
  /// @throws io.containerkit.spec.KernelException if this is closed meanwhile (`EBADF`)
  public Optional<Fd> receive(Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    while (true) {
      long accepted = UnixSocket.accept(socket);
      if (accepted >= 0) {
        try (Fd connection = Fd.own(accepted)) {
          Optional<Fd> terminal = terminal(connection, end);
          if (terminal.isPresent()) {
            close();
            return terminal;
          }
        }
      } else if (accepted != -Errno.EAGAIN && accepted != -Errno.EINTR) {
        throw Errno.exception("accept4", path.toString(), (int) -accepted);
      } else if (!loop.awaitReadable(socket, left(end))) {
        return Optional.empty();
      }
    }
  }

  /// Takes the first descriptor that comes.
  ///
  /// @return empty if the connection ends, or the time, before a descriptor has come
  private Optional<Fd> terminal(Fd connection, long end) throws InterruptedException {
    while (true) {
      UnixSocket.Message message = UnixSocket.receive(connection);
      List<Fd> descriptors = message.descriptors();
      if (!descriptors.isEmpty()) {
        descriptors.subList(1, descriptors.size()).forEach(Fd::close);
        return Optional.of(descriptors.getFirst());
      }
      if (message.length() == -Errno.EAGAIN || message.length() == -Errno.EINTR) {
        if (!loop.awaitReadable(connection, left(end))) {
          return Optional.empty();
        }
      } else if (Errno.check(message.length(), "recvmsg", path) == 0) {
        return Optional.empty();
      }
    }
  }

  private static Duration left(long end) {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  /// Stops listening and removes the file.
  @Override
  public void close() {
    if (socket.isClosed()) {
      return;
    }
    socket.close();
    long result = KernelFile.unlink(path);
    Errno.check(result == -Errno.ENOENT ? 0 : result, "unlink", path);
  }
}
