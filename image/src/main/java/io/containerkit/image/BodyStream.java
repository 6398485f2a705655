package io.containerkit.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The body of an answer as a stream. Unlike the JDK's own it gives up when nothing comes for a while, or next to nothing for some while
/// longer. To be read by one thread.
final class BodyStream extends InputStream implements BodySubscriber<BodyStream> {

  // Lists of buffers under way, some 16 KiB each: enough to keep the socket busy while the reader works.
  private static final int AHEAD = 16;

  /// The least that must come while the reader waits as long as four silences may last.
  private static final int LEAST = 64 << 10;

  private static final int PATIENCE = 4;

  private sealed interface Part {
    record Data(List<ByteBuffer> buffers) implements Part {}

    record End(@Nullable Throwable failure) implements Part {}
  }

  private final Duration idle;
  private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();
  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  private Iterator<ByteBuffer> buffers = List.<ByteBuffer>of().iterator();
  private ByteBuffer current = ByteBuffer.allocate(0);
  private Part.@Nullable End end;
  private long waited;
  private long came;

  BodyStream(Duration idle) {
    this.idle = idle;
  }

  @Override
  public CompletionStage<BodyStream> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription newSubscription) {
    subscription.complete(newSubscription);
    newSubscription.request(AHEAD);
  }

  @Override
  public void onNext(List<ByteBuffer> item) {
    parts.add(new Part.Data(item));
  }

  @Override
  public void onError(Throwable failure) {
    parts.add(new Part.End(failure));
  }

  @Override
  public void onComplete() {
    parts.add(new Part.End(null));
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
    if (!advance()) {
      return -1;
    }
    var count = Math.min(length, current.remaining());
    current.get(into, offset, count);
    return count;
  }

  /// Makes `current` have something to read; false at the end.
  private boolean advance() throws IOException {
    while (!current.hasRemaining()) {
      if (buffers.hasNext()) {
        current = buffers.next();
        continue;
      }
      if (end == null) {
        switch (take()) {
          case Part.Data data -> {
            buffers = data.buffers().iterator();
            subscription.join().request(1);
          }
          case Part.End last -> end = last;
        }
        continue;
      }
      if (end.failure() != null) {
        throw new IOException("the body broke off: " + end.failure().getMessage(), end.failure());
      }
      return false;
    }
    return true;
  }

  private Part take() throws IOException {
    try {
      var ready = parts.poll();
      if (ready != null) {
        return counted(ready);
      }
      var since = System.nanoTime();
      var part = parts.poll(idle.toNanos(), TimeUnit.NANOSECONDS);
      waited += System.nanoTime() - since;
      if (part == null) {
        close();
        throw new HttpTimeoutException("nothing came for " + idle.toMillis() + " ms");
      }
      if (part instanceof Part.Data && waited > PATIENCE * idle.toNanos()) {
        checkRate();
      }
      return counted(part);
    } catch (InterruptedException _) {
      close();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a body");
    }
  }

  private Part counted(Part part) {
    if (part instanceof Part.Data(var items)) {
      for (var item : items) {
        came += item.remaining();
      }
    }
    return part;
  }

  private void checkRate() throws HttpTimeoutException {
    if (came < LEAST) {
      close();
      throw new HttpTimeoutException("only " + came + " bytes came in " + waited / 1_000_000 + " ms");
    }
    waited = 0;
    came = 0;
  }

  /// Reads all of a short body.
  ///
  /// @throws IOException if it is longer than `limit`, or takes longer than `deadline`
  byte[] readAll(int limit, Duration deadline) throws IOException {
    var until = System.nanoTime() + deadline.toNanos();
    var out = new ByteArrayOutputStream();
    var chunk = new byte[16 << 10];
    for (int n; (n = read(chunk, 0, chunk.length)) >= 0; ) {
      if (out.size() + n > limit) {
        close();
        throw new TooLongException("the body is longer than " + limit + " bytes");
      }
      if (System.nanoTime() > until) {
        close();
        throw new HttpTimeoutException("the body did not end within " + deadline.toMillis() + " ms");
      }
      out.write(chunk, 0, n);
    }
    return out.toByteArray();
  }

  /// Gives up what has not been read, and with it the connection. Does nothing at the end of the body.
  @Override
  public void close() {
    if (end == null) {
      end = new Part.End(new IOException("closed"));
      current = ByteBuffer.allocate(0);
      buffers = List.<ByteBuffer>of().iterator();
      var _ = subscription.thenAccept(Flow.Subscription::cancel);
    }
  }

  /// A body is longer than it may be: asking again does not help.
  static final class TooLongException extends IOException {
    TooLongException(String message) {
      super(message);
    }
  }
}
