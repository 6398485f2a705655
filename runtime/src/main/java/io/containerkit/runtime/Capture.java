package io.containerkit.runtime;

import io.containerkit.linux.EventLoop;
import io.containerkit.linux.Fd;
import io.containerkit.linux.Pipe;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/// Takes what a command writes to a pipe while it runs, so that it never blocks on a full one, and keeps a bounded part of it.
///
/// The loop's thread reads, so whoever waits for the command is woken by its end alone.
final class Capture implements AutoCloseable {

  /// How much of standard error a failure shows.
  static final int TAIL = 8 * 1024;

  private static final int ROUND = 1 << 20;

  private final EventLoop loop;
  private final Pipe pipe;
  private final int limit;
  private final boolean keepEnd;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private boolean ended;
  private boolean overflowed;

  private Capture(EventLoop loop, int limit, boolean keepEnd) {
    this.loop = loop;
    this.limit = limit;
    this.keepEnd = keepEnd;
    this.pipe = Pipe.open();
    pipe.readEnd().setNonBlocking();
  }

  /// Keeps the beginning.
  static Capture head(EventLoop loop, int limit) {
    return new Capture(loop, limit, false);
  }

  /// Keeps the end.
  static Capture tail(EventLoop loop) {
    return new Capture(loop, TAIL, true);
  }

  /// The end for the command.
  Fd writeEnd() {
    return pipe.writeEnd();
  }

  /// Closes the command's end here, once the command has it, and begins to read.
  void begin() {
    pipe.writeEnd().close();
    readLater();
  }

  private void readLater() {
    // A read that fails here fails again in the last drain, which the caller does.
    CompletableFuture<Void> _ = loop.onReadable(pipe.readEnd()).thenRun(this::readOn);
  }

  private synchronized void readOn() {
    drain();
    if (!ended) {
      readLater();
    }
  }

  /// Takes what is there, up to a bound, without waiting.
  synchronized void drain() {
    byte[] buffer = new byte[16 * 1024];
    for (int taken = 0; !ended && taken < ROUND; ) {
      int count = pipe.readEnd().read(buffer, 0, buffer.length);
      if (count < 0) {
        return;
      }
      ended = count == 0;
      taken += count;
      keep(buffer, count);
    }
  }

  private void keep(byte[] buffer, int count) {
    if (keepEnd) {
      kept.write(buffer, 0, count);
      if (kept.size() > 2 * limit) {
        byte[] all = kept.toByteArray();
        kept.reset();
        kept.write(all, all.length - limit, limit);
      }
      return;
    }
    int room = Math.min(count, limit - kept.size());
    kept.write(buffer, 0, room);
    overflowed |= room < count;
  }

  /// Whether there was more than is kept.
  synchronized boolean overflowed() {
    return overflowed;
  }

  synchronized byte[] bytes() {
    return kept.toByteArray();
  }

  synchronized String text() {
    byte[] all = kept.toByteArray();
    int start = keepEnd ? Math.max(0, all.length - limit) : 0;
    return new String(all, start, all.length - start, StandardCharsets.UTF_8).strip();
  }

  @Override
  public synchronized void close() {
    ended = true;
    pipe.close();
  }
}
