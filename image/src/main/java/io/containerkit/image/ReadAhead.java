package io.containerkit.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// A stream that another thread reads ahead, by up to [#CHUNKS] chunks. Put around each step of a chain (fetch, inflate, digest) it makes
/// a pipeline of it: each step has a thread, and what is between them has a bound.
///
/// One thread reads. Closing stops the other thread, also in the middle of a read if closing the source wakes that up.
final class ReadAhead extends InputStream {

  static final int CHUNKS = 6;
  static final int CHUNK = 1 << 17;

  /// Opens a source, on the thread that will read it.
  interface Opener {
    InputStream open() throws IOException;
  }

  /// A piece of the stream; the last one has no bytes.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Chunk(byte[] bytes, int length) {
    boolean isEnd() {
      return length == 0;
    }
  }

  private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(CHUNKS);
  private final BlockingQueue<Chunk> full = new ArrayBlockingQueue<>(CHUNKS + 1);
  private final Thread thread;
  private volatile @Nullable InputStream source;
  private volatile @Nullable Throwable failure;
  private @Nullable Chunk current;
  private int at;

  /// @param name of the thread
  ReadAhead(String name, Opener opener) {
    for (int i = 0; i < CHUNKS; i++) {
      free.add(new byte[CHUNK]);
    }
    thread = Thread.ofPlatform().daemon().name(name).start(() -> run(opener));
  }

  private void run(Opener opener) {
    try (InputStream in = opener.open()) {
      source = in;
      int length;
      do {
        byte[] chunk = free.take();
        length = in.readNBytes(chunk, 0, CHUNK);
        if (length > 0) {
          full.add(new Chunk(chunk, length));
        }
      } while (length == CHUNK);
    } catch (Throwable e) {
      failure = e;
    }
    full.add(new Chunk(new byte[0], 0));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Chunk chunk = current;
    if (chunk == null || (at == chunk.length && !chunk.isEnd())) {
      chunk = next();
    }
    if (chunk.isEnd()) {
      throwFailure();
      return -1;
    }
    int count = Math.min(length, chunk.length - at);
    System.arraycopy(chunk.bytes, at, bytes, offset, count);
    at += count;
    return count;
  }

  private Chunk next() throws IOException {
    Chunk done = current;
    if (done != null) {
      free.add(done.bytes);
    }
    Chunk chunk;
    try {
      chunk = full.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    }
    current = chunk;
    at = 0;
    return chunk;
  }

  /// Lets the reader see what stopped the other thread, as it was thrown there.
  private void throwFailure() throws IOException {
    switch (failure) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IOException(failure);
    }
  }

  @Override
  public int available() {
    return current == null ? 0 : Math.max(0, current.length - at);
  }

  @Override
  public void close() throws IOException {
    thread.interrupt();
    InputStream open = source;
    if (open != null && thread.isAlive()) {
      open.close();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
