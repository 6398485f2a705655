package io.containerkit.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// Writes what is read, skipped bytes included, to a second place.
final class TeeInputStream extends InputStream {

  private final InputStream in;
  private final OutputStream copy;

  TeeInputStream(InputStream in, OutputStream copy) {
    this.in = in;
    this.copy = copy;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int count = in.read(bytes, offset, length);
    if (count > 0) {
      copy.write(bytes, offset, count);
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
