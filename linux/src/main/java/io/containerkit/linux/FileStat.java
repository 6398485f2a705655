package io.containerkit.linux;

import java.time.Instant;

/// What an inode says about itself, from `statx`.
///
/// @param type what it is
/// @param mode permissions with set-id and sticky bits: the lower 12 bits
/// @param uid owner
/// @param gid group
/// @param links how many names it has
/// @param inode its number, unique within its device
/// @param device the device that it is on: the major number in the upper half, the minor one in the lower
/// @param size length in bytes
/// @param blocks how many units of 512 bytes it takes up
/// @param mtime when its content was changed
/// @param major for a device file the device's major number
/// @param minor for a device file the device's minor number
public record FileStat(
    FileType type,
    int mode,
    long uid,
    long gid,
    long links,
    long inode,
    long device,
    long size,
    long blocks,
    Instant mtime,
    int major,
    int minor) {

  /// Whether this is the same inode as another.
  public boolean isSameFile(FileStat other) {
    return inode == other.inode && device == other.device;
  }
}
