package io.containerkit.linux;

import io.containerkit.spec.KernelException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/// Reads from a descriptor, parking while nothing is there. Owns the descriptor.
///
/// A reader in another thread is woken by [#close] with an [IOException] and by an interrupt with an [InterruptedIOException], after
/// which the stream can be read on. A descriptor in blocking mode stays in it, because others may share it: it is asked before each
/// read. Buffers exist only during a read.
public final class FdInputStream extends InputStream {

  private static final int MAX_READ = 64 * 1024;

  private final Fd fd;
  private final EventLoop loop;
  private final boolean nonBlocking;

  /// Reads from a descriptor in its present mode.
  ///
  /// @param fd a pipe, socket, terminal or file; its mode must not change any more
  public FdInputStream(Fd fd, EventLoop loop) {
    this.fd = fd;
    this.loop = loop;
    this.nonBlocking = fd.isNonBlocking();
  }

  /// Makes the descriptor non-blocking and reads from it, waiting on the shared loop. For the read end of a pipe of one's own.
  public static FdInputStream of(Fd fd) {
    fd.setNonBlocking();
    return new FdInputStream(fd, EventLoop.shared());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    try {
      while (true) {
        if (nonBlocking || Poll.readable(fd)) {
          int count = fd.read(bytes, offset, Math.min(length, MAX_READ));
          if (count >= 0) {
            return count == 0 ? -1 : count;
          }
        }
        await(loop.onReadable(fd));
      }
    } catch (KernelException e) {
      if (e.errno() == Errno.EIO && Terminal.isMaster(fd)) {
        return -1; // the last process has closed the other side of the terminal
      }
      throw failure(e, fd);
    }
  }

  static void await(CompletableFuture<Void> ready) throws InterruptedIOException {
    try {
      EventLoop.await(ready);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted while waiting for a stream");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  static IOException failure(KernelException e, Fd fd) {
    return fd.isClosed() ? new IOException("stream closed", e) : new IOException(e.getMessage(), e);
  }

  @Override
  public void close() {
    fd.close();
  }
}
