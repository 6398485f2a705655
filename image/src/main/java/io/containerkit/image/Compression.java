package io.containerkit.image;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// How a layer is compressed. Told by content, not by media type: what is in registries does not always say the truth, and the
/// digest of the plain tar decides in the end.
public enum Compression {
  /// Not at all.
  NONE,
  /// RFC 1952.
  GZIP,
  /// RFC 8878.
  ZSTD;

  private static final int MAGIC_LENGTH = 4;
  /// The window that a decoder must be ready for (zstd's own default): 128 MiB of memory outside the heap.
  private static final int ZSTD_WINDOW_LOG_MAX = 27;

  /// The compression of a stream by its first bytes.
  static Compression of(byte[] start, int length) {
    if (length >= 2 && start[0] == 0x1f && start[1] == (byte) 0x8b) {
      return GZIP;
    }
    if (length >= 4 && (start[1] & 0xff) == 0xb5 && start[2] == 0x2f && start[3] == (byte) 0xfd && start[0] == 0x28) {
      return ZSTD;
    }
    // A skippable frame, as zstd:chunked may start with.
    if (length >= 4 && (start[0] & 0xf0) == 0x50 && start[1] == 0x2a && start[2] == 0x4d && start[3] == 0x18) {
      return ZSTD;
    }
    return NONE;
  }

  /// The plain bytes of a stream, whatever it is compressed with.
  static InputStream decompress(InputStream source) throws IOException {
    var in = new PushbackInputStream(source, MAGIC_LENGTH);
    byte[] start = new byte[MAGIC_LENGTH];
    int length = in.readNBytes(start, 0, MAGIC_LENGTH);
    in.unread(start, 0, length);
    return of(start, length).decompressed(in);
  }

  private InputStream decompressed(InputStream in) throws IOException {
    return switch (this) {
      case NONE -> in;
      case GZIP -> new GzipInputStream(in);
      case ZSTD -> new ZstdStream(new ZstdInputStreamNoFinalizer(in).setLongMax(ZSTD_WINDOW_LOG_MAX));
    };
  }

  /// A stream that compresses what is written to it. The result depends on nothing but the input and the library's version.
  OutputStream compress(OutputStream target) throws IOException {
    return switch (this) {
      case NONE -> target;
      case GZIP -> new ReproducibleGzip(target);
      case ZSTD -> new ZstdOutputStreamNoFinalizer(target, 3);
    };
  }

  /// The media type of a layer in OCI's form.
  String layerMediaType() {
    return switch (this) {
      case NONE -> MediaType.OCI_LAYER;
      case GZIP -> MediaType.OCI_LAYER_GZIP;
      case ZSTD -> MediaType.OCI_LAYER_ZSTD;
    };
  }

  /// The JDK's stream already writes no name and no time.
  private static final class ReproducibleGzip extends GZIPOutputStream {
    ReproducibleGzip(OutputStream target) throws IOException {
      super(target, 1 << 16);
      def.setLevel(Deflater.DEFAULT_COMPRESSION);
    }
  }

  /// Gives the errors of zstd the types that the rest has.
  private static final class ZstdStream extends FilterInputStream {
    ZstdStream(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return super.read(bytes, offset, length);
      } catch (ZstdIOException e) {
        if (e.getMessage() != null && e.getMessage().contains("Truncated")) {
          throw (EOFException) new EOFException("the zstd stream ends too early").initCause(e);
        }
        throw new MalformedException("the zstd stream is damaged: " + e.getMessage(), e);
      }
    }
  }
}
