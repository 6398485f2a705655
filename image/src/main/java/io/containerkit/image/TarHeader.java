package io.containerkit.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// One header block of a tar archive: 512 bytes of fixed fields (POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar's `tar.h`).
final class TarHeader {

  static final int BLOCK = 512;

  private final byte[] block;

  /// @param block 512 bytes, kept
  /// @throws MalformedException if the checksum is wrong
  TarHeader(byte[] block) throws MalformedException {
    this.block = block;
    int unsigned = 0;
    int signed = 0;
    for (int i = 0; i < BLOCK; i++) {
      byte b = i >= 148 && i < 156 ? (byte) ' ' : block[i];
      unsigned += b & 0xff;
      signed += b;
    }
    // Some old tars added up signed bytes.
    long sum = checksum();
    if (sum != unsigned && sum != signed) {
      throw new MalformedException("a header has a wrong checksum, or this is no tar archive");
    }
  }

  /// The field of the checksum, -1 if it is no number.
  private long checksum() {
    try {
      return number(148, 8, "checksum");
    } catch (MalformedException notANumber) {
      return -1;
    }
  }

  static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /// The kind of entry, one character.
  char type() {
    return (char) (block[156] & 0xff);
  }

  /// The name. POSIX's format can have its directory in another field; GNU's keeps other things there.
  byte[] name() {
    byte[] name = text(0, 100);
    byte[] prefix = isPosix() ? text(345, 155) : new byte[0];
    if (prefix.length == 0) {
      return name;
    }
    byte[] joined = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
    joined[prefix.length] = '/';
    System.arraycopy(name, 0, joined, prefix.length + 1, name.length);
    return joined;
  }

  byte[] linkName() {
    return text(157, 100);
  }

  int mode() throws MalformedException {
    return (int) (number(100, 8, "mode") & 07777);
  }

  long uid() throws MalformedException {
    return number(108, 8, "uid");
  }

  long gid() throws MalformedException {
    return number(116, 8, "gid");
  }

  long size() throws MalformedException {
    long size = number(124, 12, "size");
    if (size < 0) {
      throw new MalformedException("a header has a negative size");
    }
    return size;
  }

  long mtime() throws MalformedException {
    return number(136, 12, "mtime");
  }

  TarEntry.Device device() throws MalformedException {
    return new TarEntry.Device(deviceNumber(329), deviceNumber(337));
  }

  private int deviceNumber(int offset) throws MalformedException {
    long number = number(offset, 8, "device number");
    if (number < 0 || number > 0xf_ffff) {
      throw new MalformedException("a header has the device number " + number);
    }
    return (int) number;
  }

  private boolean isPosix() {
    return block[257] == 'u' && Arrays.equals(block, 257, 263, "ustar\0".getBytes(StandardCharsets.US_ASCII), 0, 6);
  }

  /// A field that ends at the first NUL or with its space.
  private byte[] text(int offset, int length) {
    int end = offset;
    while (end < offset + length && block[end] != 0) {
      end++;
    }
    return Arrays.copyOfRange(block, offset, end);
  }

  /// A numeric field: octal digits, or where the first bit is set a big-endian two's complement number, GNU's way for more.
  long number(int offset, int length, String field) throws MalformedException {
    return number(block, offset, length, field);
  }

  static long number(byte[] block, int offset, int length, String field) throws MalformedException {
    if ((block[offset] & 0x80) != 0) {
      return binary(block, offset, length, field);
    }
    int at = offset;
    int end = offset + length;
    while (at < end && (block[at] == ' ' || block[at] == 0)) {
      at++;
    }
    long number = 0;
    while (at < end && block[at] >= '0' && block[at] <= '7') {
      number = number << 3 | (block[at++] - '0');
    }
    while (at < end) {
      if (block[at] != ' ' && block[at] != 0) {
        throw new MalformedException("a header has a " + field + " that is no octal number");
      }
      at++;
    }
    return number;
  }

  private static long binary(byte[] block, int offset, int length, String field) throws MalformedException {
    boolean negative = (block[offset] & 0x40) != 0;
    long number = negative ? -1 : 0;
    for (int i = offset; i < offset + length; i++) {
      int b = i == offset ? (negative ? block[i] | 0x80 : block[i] & 0x7f) & 0xff : block[i] & 0xff;
      if (number >> 55 != (negative ? -1 : 0)) {
        throw new MalformedException("a header has a " + field + " beyond 64 bits");
      }
      number = number << 8 | b;
    }
    return number;
  }
}
