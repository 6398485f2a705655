package io.containerkit.image;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// One file in a tar archive.
///
/// @param path where it is
/// @param kind what it is
/// @param mode permissions with set-id and sticky bits: the lower 12 bits
/// @param uid owner, 0 to 2^32 − 2
/// @param gid group, 0 to 2^32 − 2
/// @param mtime when it was changed, to the nanosecond
/// @param size the length of a regular file as its readers see it
/// @param link the target of a symbolic link as it is, or the name in this archive of what a hard link joins; else empty
/// @param device the numbers of a device; else zeros
/// @param xattrs extended attributes by name; values are bytes
/// @param extents where the data in the archive belong in the file, when there are holes (one that is empty stands for a
///     file of nothing else); no extents when the data are the whole file
@SuppressWarnings("ArrayRecordComponent") // entries are never compared, and the text of a link is bytes
record TarEntry(
    TreePath path,
    Kind kind,
    int mode,
    long uid,
    long gid,
    Instant mtime,
    long size,
    byte[] link,
    Device device,
    Map<String, byte[]> xattrs,
    List<Extent> extents) {

  enum Kind {
    REGULAR,
    HARD_LINK,
    SYMBOLIC_LINK,
    CHARACTER_DEVICE,
    BLOCK_DEVICE,
    DIRECTORY,
    FIFO
  }

  /// The numbers of a device.
  record Device(int major, int minor) {
    static final Device NONE = new Device(0, 0);
  }

  /// Data between holes.
  record Extent(long offset, long length) {}

  boolean isSparse() {
    return !extents.isEmpty();
  }

  /// How many bytes of data the archive holds for the file.
  long dataLength() {
    return extents.isEmpty() ? size : extents.stream().mapToLong(Extent::length).sum();
  }
}
