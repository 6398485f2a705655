package io.containerkit.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/// Tells how much of a blob has been read.
final class CountingStream extends FilterInputStream {

  private final Descriptor blob;
  private final Consumer<Transfer> progress;
  private long done;

  CountingStream(InputStream in, Descriptor blob, long from, Consumer<Transfer> progress) {
    super(in);
    this.blob = blob;
    this.done = from;
    this.progress = progress;
  }

  @Override
  public int read() throws IOException {
    int value = super.read();
    if (value >= 0) {
      moved(1);
    }
    return value;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int count = super.read(bytes, offset, length);
    if (count > 0) {
      moved(count);
    }
    return count;
  }

  private void moved(int count) {
    done += count;
    progress.accept(new Transfer.Moved(blob, done));
  }
}
