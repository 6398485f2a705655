package io.containerkit.linux;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Files of `/proc` and `/sys`, by system calls of our own: unlike `java.nio.file` these tell every error by its number, and for
/// such files the number is what says whether a process or a control group has just gone.
final class KernelFile {

  private static final int AT_REMOVEDIR = 0x200;
  private static final int CHUNK = 4096;

  private KernelFile() {}

  /// Reads the whole file.
  static String read(Path path) {
    try (Fd file = Fd.openToRead(path)) {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      byte[] chunk = new byte[CHUNK];
      int count;
      while ((count = file.read(chunk, 0, chunk.length)) > 0) {
        content.write(chunk, 0, count);
      }
      return content.toString(StandardCharsets.UTF_8);
    }
  }

  /// Writes a text in one call, as the kernel wants it.
  static void write(Path path, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (Fd file = Fd.open(path, Fd.O_WRONLY, 0)) {
      file.write(bytes, 0, bytes.length);
    }
  }

  /// Reads where a symbolic link leads.
  static String readLink(Path path) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(CHUNK, 1);
      long name = CString.copy(arena, path.toString());
      long result = Native.syscall(FileSyscall.READLINKAT, Fd.AT_FDCWD, name, target.address(), CHUNK - 1, 0);
      Errno.check(result, "readlink", path);
      return target.getString(0);
    }
  }

  /// Removes a file.
  ///
  /// @return 0 or a negative error number
  static long unlink(Path path) {
    return remove(path, 0);
  }

  /// Removes an empty directory.
  ///
  /// @return 0 or a negative error number
  static long rmdir(Path path) {
    return remove(path, AT_REMOVEDIR);
  }

  private static long remove(Path path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      return Native.syscall(FileSyscall.UNLINKAT, Fd.AT_FDCWD, CString.copy(arena, path.toString()), flags);
    }
  }
}
