package io.containerkit.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/// Opens files of a root that somebody else has filled, such as a container's, without ever leaving it (`openat2(2)`, Linux 5.6):
/// symbolic links, `..` and absolute paths are resolved as if the root were `/`.
public final class Openat2 {

  /// `struct open_how` of `linux/openat2.h`.
  static final int HOW_SIZE = 24;
  static final int HOW_FLAGS = 0;
  static final int HOW_MODE = 8;
  static final int HOW_RESOLVE = 16;
  private static final long RESOLVE_IN_ROOT = 0x10;
  private static final long RESOLVE_NO_MAGICLINKS = 0x02;

  private Openat2() {}

  /// Opens a file to read.
  ///
  /// @param root a directory, by any open descriptor of it
  /// @param path as the container sees it, absolute or relative to the root
  public static Fd openToRead(Fd root, Path path) {
    return open(root, path, Fd.O_RDONLY, 0);
  }

  /// Opens a file to write, emptied; creates it, readable by everyone, if it is not there.
  ///
  /// @param root a directory, by any open descriptor of it
  /// @param path as the container sees it, absolute or relative to the root
  public static Fd openToWrite(Fd root, Path path) {
    return open(root, path, Fd.O_WRONLY | Fd.O_CREAT | Fd.O_TRUNC, 0644);
  }

  /// Opens a place without opening the file itself (`O_PATH`); [Fd#path] then names it for every other call.
  ///
  /// @param root a directory, by any open descriptor of it
  /// @param path as the container sees it, absolute or relative to the root
  public static Fd openPath(Fd root, Path path) {
    return open(root, path, Fd.O_PATH, 0);
  }

  private static Fd open(Fd root, Path path, int flags, int mode) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment how = arena.allocate(HOW_SIZE, 8);
      how.set(ValueLayout.JAVA_LONG, HOW_FLAGS, flags | Fd.O_CLOEXEC | (flags == Fd.O_PATH ? 0 : Fd.O_NOCTTY));
      how.set(ValueLayout.JAVA_LONG, HOW_MODE, mode);
      how.set(ValueLayout.JAVA_LONG, HOW_RESOLVE, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
      long name = CString.copy(arena, path.toString());
      long result;
      do {
        // EAGAIN: something was renamed meanwhile, so that ".." could not be followed safely.
        result = root.syscall(Syscall.OPENAT2, name, how.address(), HOW_SIZE, 0);
      } while (result == -Errno.EAGAIN || result == -Errno.EINTR);
      return Fd.own(Errno.check(result, "openat2", path));
    }
  }
}
