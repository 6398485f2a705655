package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/// A part of a blob, read on where it broke off; at another place if it breaks off again. Its failures are [io.containerkit.spec.RegistryException]s, thrown by the reading
/// methods as they are.
final class ResumingStream extends InputStream {

  // Less progress than this between two failures counts as none: else a body that breaks after each byte would go on for ever.
  private static final long PROGRESS = 1 << 20;
  /// So often a place that is not the only one may fail.
  private static final int TRUST_IN_ONE_OF_MANY = 2;

  private final BlobOrigin source;
  private final long to;
  private long at;
  private long lastFailure;
  private int failures;
  private BlobOrigin.@Nullable Part part;
  private boolean closed;

  ResumingStream(BlobOrigin source, long from, long to) {
    this.source = source;
    this.at = from;
    this.lastFailure = from;
    this.to = to;
  }

  /// A part whose first answer is there already.
  ResumingStream(BlobOrigin source, long from, long to, BlobOrigin.Part part) {
    this(source, from, to);
    this.part = part;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    if (length == 0) {
      return 0;
    }
    try {
      while (at < to) {
        var answer = part;
        if (answer == null) {
          answer = source.open(at, to);
          part = answer;
        }
        try {
          var count = answer.response().body().read(into, offset, (int) Math.min(length, to - at));
          if (count < 0) {
            throw new EOFException("the body ended after " + at + " of " + to + " bytes");
          }
          at += count;
          return count;
        } catch (IOException e) {
          recover(answer, e);
        }
      }
      checkEnd();
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted while downloading").initCause(e);
    }
  }

  private void recover(BlobOrigin.Part broken, IOException e) throws InterruptedException {
    broken.response().close();
    part = null;
    failures = at - lastFailure >= PROGRESS ? 1 : failures + 1;
    lastFailure = at;
    var failure = Transport.broken(broken.response(), e);
    var trust = source.hasOther(broken.place()) ? TRUST_IN_ONE_OF_MANY : source.policy().attempts();
    if (failures >= trust) {
      if (!source.leave(broken.place(), failure)) {
        throw failure;
      }
      failures = 0;
    } else {
      Thread.sleep(source.policy().delay(failures));
    }
  }

  /// A body that goes on is not the one that was asked for.
  private void checkEnd() throws InterruptedException {
    if (part == null) {
      return;
    }
    var answer = part.response();
    try (answer) {
      part = null;
      if (answer.body().read() >= 0) {
        throw Failures.answer(ErrorKind.CORRUPT, answer, "the body is longer than the " + to + " bytes it should have");
      }
    } catch (IOException e) {
      throw Transport.broken(answer, e);
    }
  }

  @Override
  public void close() {
    closed = true;
    if (part != null) {
      part.response().close();
    }
  }
}
