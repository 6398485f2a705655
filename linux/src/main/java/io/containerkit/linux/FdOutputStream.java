package io.containerkit.linux;

import io.containerkit.spec.KernelException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/// Writes to a descriptor, parking while there is no room. Owns the descriptor.
///
/// Unbuffered: a write returns when the kernel has all of it. Thread-safe as a pipe is: writes of several threads may interleave.
/// [#close] and interrupts wake a writer as they wake a reader of [FdInputStream].
public final class FdOutputStream extends OutputStream {

  private static final int MAX_WRITE = 64 * 1024;

  /// `PIPE_BUF`: a pipe that polls as writable takes this much without blocking.
  private static final int SAFE_WRITE = 4096;

  private final Fd fd;
  private final EventLoop loop;
  private final boolean nonBlocking;

  /// Writes to a descriptor in its present mode.
  ///
  /// @param fd a pipe, socket, terminal or file; its mode must not change any more
  public FdOutputStream(Fd fd, EventLoop loop) {
    this.fd = fd;
    this.loop = loop;
    this.nonBlocking = fd.isNonBlocking();
  }

  /// Makes the descriptor non-blocking and writes to it, waiting on the shared loop. For the write end of a pipe of one's own.
  public static FdOutputStream of(Fd fd) {
    fd.setNonBlocking();
    return new FdOutputStream(fd, EventLoop.shared());
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    try {
      int done = 0;
      while (done < length) {
        int count = -1;
        if (nonBlocking) {
          count = fd.write(bytes, offset + done, Math.min(length - done, MAX_WRITE));
        } else if (Poll.writable(fd)) {
          count = fd.write(bytes, offset + done, Math.min(length - done, SAFE_WRITE));
        }
        if (count >= 0) {
          done += count;
        } else {
          FdInputStream.await(loop.onWritable(fd));
        }
      }
    } catch (KernelException e) {
      throw FdInputStream.failure(e, fd);
    }
  }

  @Override
  public void close() {
    fd.close();
  }
}
