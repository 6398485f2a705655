package io.containerkit.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// Writes a tar archive in POSIX's pax format: plain ustar where that can say everything, else with an extended header. The same
/// entries give the same bytes.
final class TarWriter {

  private static final int BLOCK = TarHeader.BLOCK;
  private static final int NAME = 100;
  private static final long OCTAL_7 = 07777777;
  private static final long OCTAL_11 = 077777777777L;

  private final OutputStream out;
  private long remaining;
  private long padding;

  /// @param out stays open
  TarWriter(OutputStream out) {
    this.out = out;
  }

  /// Starts an entry. The data of a regular file, without holes, follow by [#write].
  void start(TarEntry entry) throws IOException {
    if (remaining > 0) {
      throw new IllegalStateException("the file before is not complete");
    }
    pad();
    byte[] name = name(entry);
    byte[] records = records(entry, name);
    if (records.length > 0) {
      byte[] leaf = entry.path().leaf();
      byte[] title = join("PaxHeaders/", Arrays.copyOf(leaf, Math.min(leaf.length, 80)));
      out.write(header('x', title, new byte[0], 0644, 0, 0, records.length, 0, TarEntry.Device.NONE));
      out.write(records);
      padding = -records.length & (BLOCK - 1);
      pad();
    }
    out.write(
        header(
            type(entry.kind()), name, entry.link(), entry.mode(), entry.uid(), entry.gid(), entry.size(), entry.mtime().getEpochSecond(), entry.device()));
    remaining = entry.size();
    padding = -entry.size() & (BLOCK - 1);
  }

  /// Writes data of the current entry.
  void write(byte[] bytes, int offset, int length) throws IOException {
    if (length > remaining) {
      throw new IllegalStateException("more data than the file has");
    }
    out.write(bytes, offset, length);
    remaining -= length;
  }

  /// Writes the end of the archive.
  void end() throws IOException {
    pad();
    out.write(new byte[2 * BLOCK]);
    out.flush();
  }

  private void pad() throws IOException {
    out.write(new byte[(int) padding]);
    padding = 0;
  }

  private static byte[] name(TarEntry entry) {
    byte[] path = entry.path().isRoot() ? ".".getBytes(StandardCharsets.US_ASCII) : entry.path().bytes();
    if (entry.kind() != TarEntry.Kind.DIRECTORY) {
      return path;
    }
    byte[] withSlash = Arrays.copyOf(path, path.length + 1);
    withSlash[path.length] = '/';
    return withSlash;
  }

  private static byte[] records(TarEntry entry, byte[] name) {
    var records = new TreeMap<String, byte[]>();
    if (name.length > NAME) {
      records.put("path", name);
    }
    if (entry.link().length > NAME) {
      records.put("linkpath", entry.link());
    }
    putIfLarge(records, "uid", entry.uid(), OCTAL_7);
    putIfLarge(records, "gid", entry.gid(), OCTAL_7);
    putIfLarge(records, "size", entry.size(), OCTAL_11);
    Instant mtime = entry.mtime();
    if (mtime.getNano() != 0 || mtime.getEpochSecond() < 0 || mtime.getEpochSecond() > OCTAL_11) {
      var seconds = BigDecimal.valueOf(mtime.getEpochSecond()).add(BigDecimal.valueOf(mtime.getNano(), 9));
      records.put("mtime", seconds.stripTrailingZeros().toPlainString().getBytes(StandardCharsets.US_ASCII));
    }
    entry.xattrs().forEach((attribute, value) -> records.put("SCHILY.xattr." + attribute, value));
    var out = new ByteArrayOutputStream();
    records.forEach((keyword, value) -> writeRecord(keyword, value, out));
    return out.toByteArray();
  }

  private static void putIfLarge(Map<String, byte[]> records, String keyword, long value, long most) {
    if (value > most) {
      records.put(keyword, Long.toString(value).getBytes(StandardCharsets.US_ASCII));
    }
  }

  /// Writes `length SP keyword=value LF`; the length counts its own digits.
  private static void writeRecord(String keyword, byte[] value, ByteArrayOutputStream out) {
    byte[] key = (" " + keyword + "=").getBytes(StandardCharsets.UTF_8);
    int rest = key.length + value.length + 1;
    int length = rest + Integer.toString(rest).length();
    if (Integer.toString(length).length() > Integer.toString(rest).length()) {
      length++;
    }
    out.writeBytes(Integer.toString(length).getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(key);
    out.writeBytes(value);
    out.write('\n');
  }

  private static char type(TarEntry.Kind kind) {
    return switch (kind) {
      case REGULAR -> '0';
      case HARD_LINK -> '1';
      case SYMBOLIC_LINK -> '2';
      case CHARACTER_DEVICE -> '3';
      case BLOCK_DEVICE -> '4';
      case DIRECTORY -> '5';
      case FIFO -> '6';
    };
  }

  private static byte[] header(
      char type, byte[] name, byte[] link, int mode, long uid, long gid, long size, long mtime, TarEntry.Device device) {
    byte[] block = new byte[BLOCK];
    System.arraycopy(name, 0, block, 0, Math.min(name.length, NAME));
    System.arraycopy(link, 0, block, 157, Math.min(link.length, NAME));
    octal(block, 100, 8, mode);
    octal(block, 108, 8, uid > OCTAL_7 ? 0 : uid);
    octal(block, 116, 8, gid > OCTAL_7 ? 0 : gid);
    octal(block, 124, 12, size > OCTAL_11 ? 0 : size);
    octal(block, 136, 12, mtime < 0 || mtime > OCTAL_11 ? 0 : mtime);
    block[156] = (byte) type;
    System.arraycopy("ustar\00000".getBytes(StandardCharsets.US_ASCII), 0, block, 257, 8);
    octal(block, 329, 8, device.major());
    octal(block, 337, 8, device.minor());
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    octal(block, 148, 7, sum);
    return block;
  }

  private static void octal(byte[] block, int offset, int length, long value) {
    String digits = Long.toOctalString(value);
    int start = offset + length - 1 - digits.length();
    Arrays.fill(block, offset, start, (byte) '0');
    System.arraycopy(digits.getBytes(StandardCharsets.US_ASCII), 0, block, start, digits.length());
    block[offset + length - 1] = 0;
  }

  private static byte[] join(String start, byte[] end) {
    byte[] first = start.getBytes(StandardCharsets.US_ASCII);
    byte[] joined = Arrays.copyOf(first, first.length + end.length);
    System.arraycopy(end, 0, joined, first.length, end.length);
    return joined;
  }
}
