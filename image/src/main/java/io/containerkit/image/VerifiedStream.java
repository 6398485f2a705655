package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/// Content that is checked against its descriptor while it is read: its end is reached only if digest and size are right, else
/// reading fails with an [ImageException] of kind [ErrorKind#CORRUPT].
final class VerifiedStream extends FilterInputStream {

  private final Descriptor expected;
  private final MessageDigest hash;
  private final Runnable corrupt;
  private long count;
  private boolean verified;

  /// @param corrupt told before reading fails
  VerifiedStream(InputStream in, Descriptor expected, Runnable corrupt) {
    super(in);
    this.expected = expected;
    this.corrupt = corrupt;
    this.hash = expected.digest().newMessageDigest();
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
    var n = in.read(into, offset, length);
    if (n < 0) {
      verify();
      return -1;
    }
    count += n;
    if (count > expected.size()) {
      throw corrupt("it is longer than its " + expected.size() + " bytes");
    }
    hash.update(into, offset, n);
    return n;
  }

  @Override
  public long skip(long n) throws IOException {
    // Skipped bytes count for the digest too.
    return n <= 0 ? 0 : readNBytes((int) Math.min(n, 64 << 10)).length;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void verify() {
    if (verified) {
      return;
    }
    if (count != expected.size()) {
      throw corrupt("it has " + count + " bytes, not " + expected.size());
    }
    var actual = Digest.of(expected.digest().algorithm(), hash.digest());
    if (!actual.equals(expected.digest())) {
      throw corrupt("its digest is " + actual);
    }
    verified = true;
  }

  private ImageException corrupt(String why) {
    corrupt.run();
    return new ImageException(
        ErrorKind.CORRUPT, expected.digest().toString(), "the content of " + expected.digest() + " is corrupt: " + why, null);
  }
}
