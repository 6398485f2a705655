package io.containerkit.image;

import io.containerkit.image.TarEntry.Extent;
import io.containerkit.linux.FileName;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The records of a pax extended header (POSIX.1-2017, pax, "pax Extended Header"): `length SP keyword=value LF` each.
/// What does not follow that grammar to the byte is an error: tools that guess differently there see different archives.
final class PaxRecords {

  private static final String XATTR = "SCHILY.xattr.";
  private static final String SPARSE_OFFSET = "GNU.sparse.offset";
  private static final String SPARSE_LENGTH = "GNU.sparse.numbytes";

  private final Map<String, byte[]> values = new LinkedHashMap<>();
  /// GNU's sparse format 0.0 repeats its keywords, against the rule that the last one counts.
  private final List<Extent> extents = new ArrayList<>();

  static PaxRecords parse(byte[] text) throws MalformedException {
    var records = new PaxRecords();
    for (int at = 0; at < text.length; ) {
      int space = indexOf(text, ' ', at, Math.min(text.length, at + 8));
      long length = space < 0 ? -1 : decimal(text, at, space);
      long end = at + length;
      if (length <= 0 || end > text.length || end <= space + 1 || text[(int) end - 1] != '\n') {
        throw new MalformedException("a record of a pax header has a wrong length");
      }
      int equals = indexOf(text, '=', space + 1, (int) end);
      if (equals <= space + 1) {
        throw new MalformedException("a record of a pax header has no keyword");
      }
      records.add(
          new String(text, space + 1, equals - space - 1, StandardCharsets.UTF_8),
          Arrays.copyOfRange(text, equals + 1, (int) end - 1));
      at = (int) end;
    }
    return records;
  }

  private long pendingOffset = -1;

  private void add(String keyword, byte[] value) throws MalformedException {
    switch (keyword) {
      case SPARSE_OFFSET -> pendingOffset = decimal(keyword, value);
      case SPARSE_LENGTH -> {
        if (pendingOffset < 0) {
          throw new MalformedException("a pax header has " + keyword + " without an offset");
        }
        extents.add(new Extent(pendingOffset, decimal(keyword, value)));
        pendingOffset = -1;
      }
      default -> values.put(keyword, value);
    }
  }

  /// The value of a keyword, or null where there is none. An empty value takes back what was said before, so it is none.
  byte @Nullable [] bytes(String keyword) {
    byte[] value = values.get(keyword);
    return value == null || value.length == 0 ? null : value;
  }

  /// The value of a keyword that is a number without sign.
  OptionalLong number(String keyword) throws MalformedException {
    byte[] value = bytes(keyword);
    return value == null ? OptionalLong.empty() : OptionalLong.of(decimal(keyword, value));
  }

  /// The value of a keyword that is a time: seconds since 1970, perhaps negative, perhaps with a fraction.
  @Nullable Instant time(String keyword) throws MalformedException {
    byte[] value = bytes(keyword);
    if (value == null) {
      return null;
    }
    String text = new String(value, StandardCharsets.ISO_8859_1);
    if (!text.matches("-?[0-9]{1,18}(\\.[0-9]*)?")) {
      throw notANumber(keyword, value);
    }
    int dot = text.indexOf('.');
    String fraction = dot < 0 ? "" : text.substring(dot + 1);
    long seconds = Long.parseLong(dot < 0 ? text : text.substring(0, dot));
    int nanos = Integer.parseInt((fraction + "000000000").substring(0, 9));
    return TarReader.instant(seconds, text.startsWith("-") ? -nanos : nanos);
  }

  /// The extended attributes.
  Map<String, byte[]> xattrs() {
    var xattrs = new LinkedHashMap<String, byte[]>();
    values.forEach(
        (keyword, value) -> {
          if (keyword.startsWith(XATTR)) {
            xattrs.put(keyword.substring(XATTR.length()), value);
          }
        });
    return xattrs;
  }

  /// The extents of GNU's sparse formats 0.0 and 0.1; empty where neither is used.
  List<Extent> extents() throws MalformedException {
    byte[] map = bytes("GNU.sparse.map");
    if (map == null) {
      return extents;
    }
    String[] numbers = new String(map, StandardCharsets.ISO_8859_1).split(",", -1);
    if (numbers.length % 2 != 0) {
      throw new MalformedException("a pax header has a sparse map with an odd count of numbers");
    }
    var list = new ArrayList<Extent>();
    for (int i = 0; i < numbers.length; i += 2) {
      list.add(
          new Extent(
              decimal("GNU.sparse.map", numbers[i].getBytes(StandardCharsets.ISO_8859_1)),
              decimal("GNU.sparse.map", numbers[i + 1].getBytes(StandardCharsets.ISO_8859_1))));
    }
    return list;
  }

  /// Whether a keyword governs where an entry is or ends.
  boolean governs() {
    return !extents.isEmpty()
        || values.keySet().stream()
            .anyMatch(k -> k.equals("path") || k.equals("linkpath") || k.equals("size") || k.startsWith("GNU.sparse."));
  }

  private static long decimal(String keyword, byte[] value) throws MalformedException {
    long number = decimal(value, 0, value.length);
    if (number < 0) {
      throw notANumber(keyword, value);
    }
    return number;
  }

  private static MalformedException notANumber(String keyword, byte[] value) {
    return new MalformedException("a pax header has " + keyword + "=" + FileName.show(value) + ", which is not such a number");
  }

  /// A number of up to 18 digits, -1 if it is none.
  static long decimal(byte[] text, int from, int to) {
    if (to == from || to - from > 18) {
      return -1;
    }
    long number = 0;
    for (int i = from; i < to; i++) {
      if (text[i] < '0' || text[i] > '9') {
        return -1;
      }
      number = number * 10 + (text[i] - '0');
    }
    return number;
  }

  private static int indexOf(byte[] text, char wanted, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text[i] == wanted) {
        return i;
      }
    }
    return -1;
  }
}
