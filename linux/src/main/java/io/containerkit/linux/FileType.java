package io.containerkit.linux;

/// What an inode is, from the type bits of its mode (`linux/stat.h`).
public enum FileType {
  /// Bytes.
  REGULAR(0x8000),
  /// Names of other files.
  DIRECTORY(0x4000),
  /// A path to go on with.
  SYMBOLIC_LINK(0xa000),
  /// A device read as a stream.
  CHARACTER_DEVICE(0x2000),
  /// A device read in blocks.
  BLOCK_DEVICE(0x6000),
  /// A named pipe.
  FIFO(0x1000),
  /// The name of a Unix socket.
  SOCKET(0xc000);

  private static final int MASK = 0xf000;

  private final int bits;

  FileType(int bits) {
    this.bits = bits;
  }

  /// The type bits of a mode.
  int bits() {
    return bits;
  }

  static FileType of(int mode) {
    for (FileType type : values()) {
      if ((mode & MASK) == type.bits) {
        return type;
      }
    }
    throw new IllegalArgumentException("no file type in the mode " + Integer.toOctalString(mode));
  }
}
