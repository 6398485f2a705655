package io.containerkit.image;

import io.containerkit.linux.Errno;
import io.containerkit.linux.Fd;
import io.containerkit.linux.FileAt;
import io.containerkit.linux.FileStat;
import io.containerkit.spec.KernelException;

/// Gives one file what another one carries: owner, extended attributes, permissions, times; in the only order that keeps them all
/// (`chown` clears set-id bits and capabilities, and everything but setting times changes times).
final class Attributes {

  private static final byte[] SELF = {'.'};

  private Attributes() {}

  /// Copies the attributes of an open directory to another one.
  static void copy(FileAt files, Fd from, Fd to) {
    FileStat stat = files.stat(from);
    files.chown(to, stat.uid(), stat.gid());
    copyXattrs(files, from, SELF, to, SELF);
    files.chmod(to, stat.mode());
    files.setTime(to, stat.mtime());
  }

  /// Copies extended attributes, but not those that overlay has set for itself.
  static void copyXattrs(FileAt files, Fd fromDirectory, byte[] from, Fd toDirectory, byte[] to) {
    for (String name : files.xattrs(fromDirectory, from)) {
      if (name.startsWith("trusted.overlay.")) {
        continue;
      }
      byte[] value = files.xattr(fromDirectory, from, name).orElse(new byte[0]);
      try {
        files.setXattr(toDirectory, to, name, value);
      } catch (KernelException e) {
        // Another file system may hold fewer kinds of attributes; the layer itself keeps them.
        if (e.errno() != Errno.EOPNOTSUPP) {
          throw e;
        }
      }
    }
  }
}
