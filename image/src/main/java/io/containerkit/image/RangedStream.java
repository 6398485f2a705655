package io.containerkit.image;

import io.containerkit.spec.ContainerException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;

/// A large blob, read in order. The first segment shows how fast one connection is: where the reader hardly waits, the rest comes
/// over it too; else it comes in segments over several.
///
/// Segments ahead of the reader wait in memory; a client has room for so many of them over all its blobs. Without room the next
/// segment is read straight from its connection, so no reader waits for the memory of another.
final class RangedStream extends InputStream {

  static final int SEGMENT = 4 << 20;

  // Measured on loopback: where a connection brings more than this, further ones only cost copies through memory.
  private static final long FAST_BYTES_PER_SECOND = 100L << 20;

  private final BlobOrigin source;
  private final Semaphore room;
  private final int connections;
  private final Deque<Ahead> ahead = new ArrayDeque<>();
  private InputStream current = InputStream.nullInputStream();
  private boolean currentHoldsRoom;
  private boolean begun;
  private long received;
  private long waited;
  private long next;

  private record Ahead(FutureTask<byte[]> segment, Thread thread) {}

  RangedStream(BlobOrigin source, long from, int connections, Semaphore room) {
    this.source = source;
    this.next = from;
    this.connections = connections;
    this.room = room;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (true) {
      var count = currentHoldsRoom ? current.read(into, offset, length) : measuredRead(into, offset, length);
      if (count >= 0) {
        return count;
      }
      current.close();
      current = InputStream.nullInputStream();
      releaseCurrent();
      if (ahead.isEmpty() && next == source.blob().size()) {
        return -1;
      }
      current = nextSegment();
    }
  }

  /// Reads from a connection, not from memory.
  private int measuredRead(byte[] into, int offset, int length) throws IOException {
    var started = System.nanoTime();
    var count = current.read(into, offset, length);
    waited += System.nanoTime() - started;
    received += Math.max(count, 0);
    return count;
  }

  private InputStream nextSegment() throws IOException {
    try {
      if (!begun) {
        return first();
      }
      var waiting = ahead.peek();
      if (waiting == null) {
        var from = next;
        var to = isFast() ? source.blob().size() : end(from);
        next = to;
        fetchAhead();
        return new ResumingStream(source, from, to);
      }
      var segment = waiting.segment.get();
      ahead.remove();
      currentHoldsRoom = true;
      fetchAhead();
      return new ByteArrayInputStream(segment);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted while downloading").initCause(e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case ContainerException failure -> throw failure;
        case IOException failure -> throw failure;
        case null, default -> throw new IOException("a segment could not be fetched", e);
      }
    }
  }

  /// The first segment shows whether the registry knows ranges; if it does not, all the rest comes with it.
  private InputStream first() throws InterruptedException {
    var from = next;
    var part = source.open(from, end(from));
    begun = true;
    var to = part.isRange() ? end(from) : source.blob().size();
    next = to;
    return new ResumingStream(source, from, to, part);
  }

  /// Whether the reader has waited little for what came straight from a connection. A slow reader finds all in its buffers.
  private boolean isFast() {
    return received > FAST_BYTES_PER_SECOND * (waited / 1e9);
  }

  private void fetchAhead() {
    while (next < source.blob().size() && ahead.size() < connections - 1 && room.tryAcquire()) {
      var from = next;
      var to = end(from);
      var task = new FutureTask<>(() -> fetch(from, to));
      ahead.add(new Ahead(task, Thread.ofVirtual().name("blob-segment").start(task)));
      next = to;
    }
  }

  private byte[] fetch(long from, long to) throws IOException {
    try (var in = new ResumingStream(source, from, to)) {
      var segment = new byte[(int) (to - from)];
      in.readNBytes(segment, 0, segment.length);
      in.read(); // The end is where a body that is too long shows.
      return segment;
    }
  }

  private long end(long from) {
    return Math.min(from + SEGMENT, source.blob().size());
  }

  private void releaseCurrent() {
    if (currentHoldsRoom) {
      currentHoldsRoom = false;
      room.release();
    }
  }

  @Override
  public void close() throws IOException {
    current.close();
    releaseCurrent();
    for (var waiting : ahead) {
      waiting.thread.interrupt();
      room.release();
    }
    ahead.clear();
    next = source.blob().size();
  }
}
