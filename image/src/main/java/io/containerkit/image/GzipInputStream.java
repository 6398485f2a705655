package io.containerkit.image;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Reads gzip (RFC 1952), strictly: members may follow each other, anything else behind a member is an error, and so is an end
/// before the trailer. The JDK's own stream takes garbage behind a member for the end, and tells further members by
/// `available()`, which a socket answers as it likes.
final class GzipInputStream extends InputStream {

  private static final int FHCRC = 2;
  private static final int FEXTRA = 4;
  private static final int FNAME = 8;
  private static final int FCOMMENT = 16;
  private static final int RESERVED = 0xe0;
  private static final int LONGEST_HEADER_FIELD = 1 << 20;

  private final InputStream source;
  private final byte[] input = new byte[1 << 16];
  private int at;
  private int limit;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private boolean ended;

  /// @param source the compressed bytes; closed with this stream
  GzipInputStream(InputStream source) throws IOException {
    this.source = source;
    if (!fill()) {
      throw new EOFException("the gzip stream is empty");
    }
    readHeader();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      int count = inflate(bytes, offset, length);
      if (count > 0) {
        crc.update(bytes, offset, count);
        return count;
      }
      if (inflater.finished()) {
        at = limit - inflater.getRemaining();
        readTrailer();
        ended = !nextMember();
      } else if (inflater.needsInput()) {
        require(fill());
        inflater.setInput(input, 0, limit);
      } else {
        throw new MalformedException("the gzip stream wants a preset dictionary");
      }
    }
    return -1;
  }

  private int inflate(byte[] bytes, int offset, int length) throws MalformedException {
    try {
      return inflater.inflate(bytes, offset, length);
    } catch (DataFormatException e) {
      throw new MalformedException("the gzip stream is damaged: " + e.getMessage(), e);
    }
  }

  private boolean nextMember() throws IOException {
    if (at == limit && !fill()) {
      return false;
    }
    inflater.reset();
    crc.reset();
    readHeader();
    return true;
  }

  private void readHeader() throws IOException {
    if (next() != 0x1f || next() != 0x8b) {
      throw new MalformedException("something that is not gzip follows the end of the gzip stream");
    }
    int method = next();
    int flags = next();
    if (method != 8 || (flags & RESERVED) != 0) {
      throw new MalformedException("the gzip header has method " + method + " and flags " + flags);
    }
    skip(6);
    if ((flags & FEXTRA) != 0) {
      skip(next() | next() << 8);
    }
    if ((flags & FNAME) != 0) {
      skipString();
    }
    if ((flags & FCOMMENT) != 0) {
      skipString();
    }
    if ((flags & FHCRC) != 0) {
      skip(2);
    }
    inflater.setInput(input, at, limit - at);
  }

  private void readTrailer() throws IOException {
    long sum = nextInt();
    long size = nextInt();
    if (sum != crc.getValue() || size != (inflater.getBytesWritten() & 0xffff_ffffL)) {
      throw new MalformedException("the gzip stream is damaged: its checksum or length is wrong");
    }
  }

  private long nextInt() throws IOException {
    return next() | next() << 8 | next() << 16 | (long) next() << 24;
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      next();
    }
  }

  private void skipString() throws IOException {
    for (int length = 0; next() != 0; length++) {
      if (length == LONGEST_HEADER_FIELD) {
        throw new MalformedException("the gzip header has no end");
      }
    }
  }

  private int next() throws IOException {
    if (at == limit) {
      require(fill());
    }
    return input[at++] & 0xff;
  }

  private boolean fill() throws IOException {
    at = 0;
    limit = Math.max(0, source.read(input));
    return limit > 0;
  }

  private static void require(boolean more) throws EOFException {
    if (!more) {
      throw new EOFException("the gzip stream ends too early");
    }
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    source.close();
  }
}
