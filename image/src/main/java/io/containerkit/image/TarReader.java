package io.containerkit.image;

import io.containerkit.image.TarEntry.Extent;
import io.containerkit.image.TarEntry.Kind;
import io.containerkit.linux.FileName;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Reads a tar archive: POSIX's ustar and pax, GNU's long names and sparse files in all four forms, and V7.
///
/// Names and attributes are bytes here, which is why this is no library's work: the one at hand decodes pax values as UTF-8, and
/// a file capability or a Latin-1 name does not survive that. Wherever two readers could understand an archive differently, this
/// one refuses it: wrong checksums, loose grammar, two extended headers for one entry, data on what has none, more behind the end.
final class TarReader {

  private static final int BLOCK = TarHeader.BLOCK;
  private static final int LONGEST_EXTENSION = 1 << 20;
  private static final int MOST_EXTENTS = 1 << 18;

  private final InputStream in;
  private byte[] block = new byte[BLOCK];
  /// Bytes of the entry's data that are not read yet, and of the padding behind them.
  private long remaining;
  private long padding;
  private boolean terminated;

  private @Nullable PaxRecords pax;
  private byte @Nullable [] longName;
  private byte @Nullable [] longLink;

  /// @param in the plain archive; read in large pieces, so it need not be buffered
  TarReader(InputStream in) {
    this.in = in;
  }

  /// Goes to the next entry, over what is left of the current one.
  ///
  /// @return the entry, or null at the end of the archive
  /// @throws MalformedException if the archive is refused
  /// @throws EOFException if it ends within an entry
  @Nullable TarEntry next() throws IOException {
    skip(remaining + padding);
    remaining = 0;
    padding = 0;
    while (readBlock()) {
      var header = new TarHeader(block);
      switch (header.type()) {
        case 'x', 'X' -> pax = PaxRecords.parse(extension(header, pax));
        case 'L' -> longName = withoutNul(extension(header, longName));
        case 'K' -> longLink = withoutNul(extension(header, longLink));
        case 'g' -> checkGlobal(PaxRecords.parse(extension(header, null)));
        // A volume's label: no file, no data.
        case 'V' -> checkNoData(header.size(), "a volume label");
        default -> {
          return entry(header);
        }
      }
    }
    if (pax != null || longName != null || longLink != null) {
      throw new MalformedException("the archive ends behind an extended header, before its file");
    }
    return null;
  }

  /// Reads data of the current entry.
  ///
  /// @return the count of bytes; -1 at the end of the entry
  int read(byte[] bytes, int offset, int length) throws IOException {
    if (remaining == 0) {
      return -1;
    }
    int count = in.read(bytes, offset, (int) Math.min(length, remaining));
    if (count < 0) {
      throw truncated();
    }
    remaining -= count;
    return count;
  }

  /// Whether the archive had the two zero blocks that mark its end; without them it may have been cut between two files.
  boolean isTerminated() {
    return terminated;
  }

  private boolean readBlock() throws IOException {
    block = new byte[BLOCK];
    int count = in.readNBytes(block, 0, BLOCK);
    if (count == 0) {
      return false;
    }
    if (count < BLOCK) {
      throw truncated();
    }
    if (!TarHeader.isZero(block)) {
      return true;
    }
    readEnd();
    return false;
  }

  /// Reads what is behind the first zero block: at least one more, and nothing but zeros.
  private void readEnd() throws IOException {
    byte[] rest = new byte[1 << 13];
    long zeros = 0;
    for (int count; (count = in.readNBytes(rest, 0, rest.length)) > 0; zeros += count) {
      if (!TarHeader.isZero(count == rest.length ? rest : Arrays.copyOf(rest, count))) {
        throw new MalformedException("more data follow the end of the archive");
      }
    }
    terminated = zeros >= BLOCK;
  }

  private byte[] extension(TarHeader header, @Nullable Object earlier) throws IOException {
    long size = header.size();
    if (earlier != null) {
      throw new MalformedException("a file has two extended headers of one kind");
    }
    if (size > LONGEST_EXTENSION) {
      throw new MalformedException("an extended header has " + size + " bytes, more than the " + LONGEST_EXTENSION + " allowed");
    }
    byte[] text = in.readNBytes((int) size);
    if (text.length < size) {
      throw truncated();
    }
    skip(paddingOf(size));
    return text;
  }

  /// GNU's long names end with a NUL.
  private static byte[] withoutNul(byte[] text) {
    int end = text.length;
    while (end > 0 && text[end - 1] == 0) {
      end--;
    }
    return Arrays.copyOf(text, end);
  }

  private static void checkGlobal(PaxRecords records) throws MalformedException {
    if (records.governs()) {
      throw new MalformedException("a global pax header names a path or a size");
    }
  }

  private TarEntry entry(TarHeader header) throws IOException {
    PaxRecords records = pax == null ? PaxRecords.parse(new byte[0]) : pax;
    byte[] name = name(header, records);
    long size = records.number("size").orElse(header.size());
    Kind kind = kind(header.type(), name);
    List<Extent> extents = List.of();
    long fileSize = size;
    if (kind == Kind.REGULAR) {
      remaining = size;
      padding = paddingOf(size);
      if (header.type() == 'S') {
        extents = oldSparseMap();
        fileSize = header.number(483, 12, "size");
      } else {
        OptionalLong sparseSize = sparseSize(records);
        if (sparseSize.isPresent()) {
          extents = records.bytes("GNU.sparse.major") == null ? records.extents() : sparseMapInData();
          fileSize = sparseSize.getAsLong();
        }
      }
      extents = checked(extents, fileSize, size != fileSize || header.type() == 'S');
    } else {
      checkNoData(size, FileName.show(name));
    }
    Instant mtime = records.time("mtime");
    var entry =
        new TarEntry(
            TreePath.of(name),
            kind,
            header.mode(),
            id(records.number("uid").orElse(header.uid()), name),
            id(records.number("gid").orElse(header.gid()), name),
            mtime == null ? instant(header.mtime(), 0) : mtime,
            kind == Kind.REGULAR ? fileSize : 0,
            link(header, records, kind, name),
            kind == Kind.CHARACTER_DEVICE || kind == Kind.BLOCK_DEVICE ? header.device() : TarEntry.Device.NONE,
            records.xattrs(),
            extents);
    pax = null;
    longName = null;
    longLink = null;
    return entry;
  }

  private byte[] name(TarHeader header, PaxRecords records) throws MalformedException {
    byte[] sparseName = records.bytes("GNU.sparse.name");
    byte[] path = records.bytes("path");
    if (longName != null && (path != null || sparseName != null)) {
      throw new MalformedException("a file has both GNU's long name and pax's path");
    }
    byte[] name = longName != null ? longName : sparseName != null ? sparseName : path != null ? path : header.name();
    if (name.length == 0) {
      throw new MalformedException("a file has an empty name");
    }
    return name;
  }

  private byte[] link(TarHeader header, PaxRecords records, Kind kind, byte[] name) throws MalformedException {
    byte[] path = records.bytes("linkpath");
    if (longLink != null && path != null) {
      throw new MalformedException("a link has both GNU's long name and pax's linkpath");
    }
    if (kind != Kind.HARD_LINK && kind != Kind.SYMBOLIC_LINK) {
      return new byte[0];
    }
    byte[] link = longLink != null ? longLink : path != null ? path : header.linkName();
    if (link.length == 0) {
      throw new MalformedException("the link " + FileName.show(name) + " has no target");
    }
    for (byte b : link) {
      if (b == 0) {
        throw new MalformedException("the link " + FileName.show(name) + " has a NUL in its target");
      }
    }
    return link;
  }

  private static Kind kind(char type, byte[] name) throws MalformedException {
    boolean slash = name[name.length - 1] == '/';
    Kind kind =
        switch (type) {
          case 0 -> slash ? Kind.DIRECTORY : Kind.REGULAR;
          case '0', '7', 'S' -> Kind.REGULAR;
          case '1' -> Kind.HARD_LINK;
          case '2' -> Kind.SYMBOLIC_LINK;
          case '3' -> Kind.CHARACTER_DEVICE;
          case '4' -> Kind.BLOCK_DEVICE;
          case '5' -> Kind.DIRECTORY;
          case '6' -> Kind.FIFO;
          default ->
              throw new MalformedException(
                  FileName.show(name) + " is of the type " + FileName.show(new byte[] {(byte) type}) + ", which has no meaning here");
        };
    if (slash && kind != Kind.DIRECTORY) {
      throw new MalformedException(FileName.show(name) + " ends with a slash but is no directory");
    }
    return kind;
  }

  private static void checkNoData(long size, String what) throws MalformedException {
    if (size != 0) {
      throw new MalformedException(what + " has " + size + " bytes of data, where only a regular file may have some");
    }
  }

  private static long id(long id, byte[] name) throws MalformedException {
    // The highest one means "leave it" to chown.
    if (id < 0 || id >= 0xffff_ffffL) {
      throw new MalformedException(FileName.show(name) + " has the owner or group " + id);
    }
    return id;
  }

  static Instant instant(long seconds, int nanos) throws MalformedException {
    try {
      return Instant.ofEpochSecond(seconds, nanos);
    } catch (DateTimeException | ArithmeticException e) {
      throw new MalformedException("a file has the time " + seconds, e);
    }
  }

  private static OptionalLong sparseSize(PaxRecords records) throws MalformedException {
    OptionalLong size = records.number("GNU.sparse.realsize");
    return size.isPresent() ? size : records.number("GNU.sparse.size");
  }

  /// GNU's own sparse format: four extents in the header, 21 in each block that follows while a flag says so.
  private List<Extent> oldSparseMap() throws IOException {
    var extents = new ArrayList<Extent>();
    addExtents(block, 386, 4, extents);
    boolean more = block[482] != 0;
    while (more) {
      byte[] extension = in.readNBytes(BLOCK);
      if (extension.length < BLOCK) {
        throw truncated();
      }
      addExtents(extension, 0, 21, extents);
      more = extension[504] != 0;
    }
    return extents;
  }

  private static void addExtents(byte[] from, int offset, int count, List<Extent> extents) throws MalformedException {
    for (int at = offset; at < offset + count * 24 && from[at] != 0; at += 24) {
      add(new Extent(TarHeader.number(from, at, 12, "offset"), TarHeader.number(from, at + 12, 12, "length")), extents);
    }
  }

  private static void add(Extent extent, List<Extent> extents) throws MalformedException {
    if (extents.size() == MOST_EXTENTS) {
      throw new MalformedException("a sparse file has more than " + MOST_EXTENTS + " pieces");
    }
    extents.add(extent);
  }

  /// GNU's sparse format 1.0: the map stands before the data, one number a line, filled up to a whole block.
  private List<Extent> sparseMapInData() throws IOException {
    var lines = new Object() {
      private final byte[] buffer = new byte[BLOCK];
      private int at = BLOCK;

      long next() throws IOException {
        long number = 0;
        for (int digits = 0; digits <= 18; digits++) {
          if (at == BLOCK) {
            readFully(buffer);
            at = 0;
          }
          byte b = buffer[at++];
          if (b == '\n' && digits > 0) {
            return number;
          }
          if (b < '0' || b > '9') {
            break;
          }
          number = number * 10 + (b - '0');
        }
        throw new MalformedException("the map of a sparse file is no list of numbers");
      }
    };
    long count = lines.next();
    var extents = new ArrayList<Extent>();
    for (long i = 0; i < count; i++) {
      add(new Extent(lines.next(), lines.next()), extents);
    }
    return extents;
  }

  private void readFully(byte[] bytes) throws IOException {
    for (int at = 0; at < bytes.length; ) {
      int count = read(bytes, at, bytes.length - at);
      if (count < 0) {
        throw new MalformedException("the map of a sparse file is longer than its data");
      }
      at += count;
    }
  }

  private List<Extent> checked(List<Extent> extents, long fileSize, boolean sparse) throws MalformedException {
    if (extents.isEmpty() && !sparse) {
      return extents;
    }
    long end = 0;
    long data = 0;
    for (Extent extent : extents) {
      if (extent.offset() < end || extent.length() < 0 || extent.length() > fileSize - extent.offset()) {
        throw new MalformedException("the map of a sparse file has pieces that overlap or lie outside of it");
      }
      end = extent.offset() + extent.length();
      data += extent.length();
    }
    if (data != remaining) {
      throw new MalformedException("a sparse file has " + remaining + " bytes of data, but its map speaks of " + data);
    }
    return extents.isEmpty() ? List.of(new Extent(0, 0)) : List.copyOf(extents);
  }

  private static long paddingOf(long size) {
    return -size & (BLOCK - 1);
  }

  private void skip(long count) throws IOException {
    try {
      in.skipNBytes(count);
    } catch (EOFException e) {
      throw truncated();
    }
  }

  private static EOFException truncated() {
    return new EOFException("the archive ends in the middle of a file");
  }
}
