package io.containerkit.runtime;

import io.containerkit.linux.EventLoop;
import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.Fd;
import io.containerkit.spec.KernelException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The output of a process through a pipe. It ends when the last holder of the pipe closes it; but when the process itself has
/// ended and a process that it left behind still holds the pipe, then some time after that.
final class ProcessOutput extends InputStream {

  /// What may be read ahead while the runtime's command runs; beyond it the command blocks until its deadline.
  private static final int AHEAD = 4 << 20;

  /// What a pipe can hold: whoever goes on writing after the end has that much taken, and no more.
  private static final int PIPE_SIZE = 1 << 20;

  private final Fd fd;
  private final EventLoop loop;
  private final Duration drain;
  private CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
  private final ByteArrayOutputStream ahead = new ByteArrayOutputStream(0);
  private byte[] unread = {};
  private int position;
  private boolean ended;
  private long cutAt;
  private int allowance = PIPE_SIZE;
  private volatile boolean cut;

  ProcessOutput(Fd fd, EventLoop loop, Duration drain) {
    fd.setNonBlocking();
    this.fd = fd;
    this.loop = loop;
    this.drain = drain;
  }

  /// Learns when the process ends.
  void follow(CompletableFuture<ExitStatus> processExit) {
    unread = ahead.toByteArray();
    ahead.reset();
    exit = processExit;
  }

  /// Whether the end of the process, not the end of its output, ended this stream.
  boolean cut() {
    return cut;
  }

  /// Takes what is there, up to a bound, without waiting.
  void drain() {
    byte[] buffer = new byte[16 * 1024];
    while (!ended && ahead.size() < AHEAD) {
      int count = fd.read(buffer, 0, buffer.length);
      if (count < 0) {
        return;
      }
      ended = count == 0;
      ahead.write(buffer, 0, count);
    }
  }

  /// Tells when there is more; null if there will never be, or none is wanted.
  @Nullable CompletableFuture<Void> more() {
    return ended || ahead.size() >= AHEAD ? null : loop.onReadable(fd);
  }

  /// The end of what was read ahead.
  String tail() {
    byte[] bytes = ahead.toByteArray();
    int start = Math.max(0, bytes.length - Capture.TAIL);
    return new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8).strip();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public synchronized int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    if (position < unread.length) {
      int count = Math.min(length, unread.length - position);
      System.arraycopy(unread, position, bytes, offset, count);
      position += count;
      if (position == unread.length) {
        unread = new byte[0];
        position = 0;
      }
      return count;
    }
    try {
      while (!ended) {
        int count = fd.read(bytes, offset, Math.min(length, 64 * 1024));
        if (count == 0) {
          ended = true;
        } else if (count > 0) {
          return late(count);
        } else {
          await();
        }
      }
      return -1;
    } catch (KernelException e) {
      throw fd.isClosed() ? new IOException("stream closed", e) : new IOException(e.getMessage(), e);
    }
  }

  /// Counts what comes after the end of the process and its time: as much as can have been in the pipe by then.
  private int late(int count) {
    if (cutAt != 0 && System.nanoTime() - cutAt > 0) {
      allowance -= count;
      if (allowance <= 0) {
        end();
      }
    }
    return count;
  }

  private void end() {
    ended = true;
    cut = true;
  }

  private void await() throws IOException {
    try {
      CompletableFuture<Void> readable = loop.onReadable(fd);
      if (!exit.isDone()) {
        CompletableFuture.anyOf(readable, exit).get();
        return;
      }
      if (cutAt == 0) {
        cutAt = System.nanoTime() + drain.toNanos();
      }
      readable.get(Math.max(0, cutAt - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      end();
    } catch (ExecutionException e) {
      throw new IOException(fd.isClosed() ? "stream closed" : "the output cannot be waited for", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted while waiting for output");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  @Override
  public int available() {
    return 0;
  }

  @Override
  public void close() {
    fd.close();
  }
}
