package io.containerkit.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicLong;

/// The plain archive of a layer while it comes in: one thread inflates, the next digests, the caller reads. Inflating is the slowest step
/// and has a core to itself that way.
final class LayerStream extends InputStream {

  /// Where the ratio starts to matter.
  private static final long RATIO_FREE = 1L << 30;

  private final UnpackLimits limits;
  private final AtomicLong imageBytes;
  private final MessageDigest digest;
  private final InputStream plain;

  /// @param compressed the layer, compressed or not; closed with this stream
  /// @param digest of the plain archive
  /// @param imageBytes how many bytes of plain archive the image has so far
  LayerStream(InputStream compressed, MessageDigest digest, UnpackLimits limits, AtomicLong imageBytes) {
    this.limits = limits;
    this.imageBytes = imageBytes;
    this.digest = digest;
    var inflated =
        new ReadAhead(
            "layer-inflate",
            () -> {
              var in = new Counted(compressed);
              return new Bounded(Compression.decompress(in), in);
            });
    plain = new ReadAhead("layer-digest", () -> new DigestInputStream(inflated, digest));
  }

  @Override
  public int read() throws IOException {
    return plain.read();
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return plain.read(bytes, offset, length);
  }

  /// Reads what is left, and tells the hash of all.
  byte[] finish() throws IOException {
    byte[] rest = new byte[1 << 13];
    while (plain.read(rest, 0, rest.length) >= 0) {}
    return digest.digest();
  }

  @Override
  public void close() throws IOException {
    plain.close();
  }

  /// Counts what goes through. Read and written by one thread.
  private static class Counted extends FilterInputStream {
    long count;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = in.read();
      count += b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = in.read(bytes, offset, length);
      count += Math.max(0, read);
      return read;
    }
  }

  private final class Bounded extends Counted {
    private final Counted compressed;

    Bounded(InputStream in, Counted compressed) {
      super(in);
      this.compressed = compressed;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      if (count > limits.bytes()) {
        throw new MalformedException("unpacks to more than the " + limits.bytes() + " bytes allowed");
      }
      if (imageBytes.addAndGet(Math.max(0, read)) > limits.imageBytes()) {
        throw new MalformedException("with the image's other layers unpacks to more than the " + limits.imageBytes() + " bytes allowed");
      }
      if (count > RATIO_FREE && count / limits.ratio() > compressed.count) {
        throw new MalformedException("unpacks to more than " + limits.ratio() + " times its size, like a bomb");
      }
      return read;
    }
  }
}
