package io.containerkit.linux;

import io.containerkit.spec.KernelException;
import java.util.HashMap;
import java.util.Map;

/// Copies files with all that they carry: owner, extended attributes, permissions, times; in the only order that keeps them all (`chown`
/// clears set-id bits and capabilities, and everything but setting times changes times). What overlay has noted down for itself stays
/// behind, and so does what another file system cannot hold.
public final class FileCopy {

  private static final byte[] SELF = {'.'};
  private static final int PRIVATE = 0700;

  private final FileAt files;
  private final Fd root;
  /// Where the first name of a file with several was written.
  private final Map<Long, byte[]> linked = new HashMap<>();

  private FileCopy(FileAt files, Fd root) {
    this.files = files;
    this.root = root;
  }

  /// Copies a directory, with all that is in it, hard links and holes included.
  ///
  /// @param from nothing may be mounted below it, and nobody may change it meanwhile
  /// @param to an empty directory, which nobody else can reach meanwhile
  public static void tree(FileAt files, Fd from, Fd to) {
    new FileCopy(files, to).copyContent(SELF, from, to);
  }

  private void copyContent(byte[] path, Fd from, Fd to) {
    for (byte[] name : files.list(from)) {
      FileStat stat = files.stat(from, name).orElseThrow(() -> Errno.exception("statx", FileName.show(name), Errno.ENOENT));
      byte[] place = child(path, name);
      if (stat.type() == FileType.DIRECTORY) {
        files.mkdir(to, name, PRIVATE);
        try (Fd inner = files.openDirectory(from, name);
            Fd copy = files.openDirectory(to, name)) {
          copyContent(place, inner, copy);
        }
        continue;
      }
      byte[] first = stat.links() > 1 ? linked.putIfAbsent(stat.inode(), place) : null;
      if (first == null) {
        file(files, stat, from, name, to);
      } else {
        files.link(root, first, to, name);
      }
    }
    attributes(files, from, to);
  }

  private static byte[] child(byte[] path, byte[] name) {
    byte[] child = new byte[path.length + 1 + name.length];
    System.arraycopy(path, 0, child, 0, path.length);
    child[path.length] = '/';
    System.arraycopy(name, 0, child, path.length + 1, name.length);
    return child;
  }

  /// Copies a file that is no directory to a directory where its name is free.
  ///
  /// @param stat what the file says about itself
  public static void file(FileAt files, FileStat stat, Fd from, byte[] name, Fd to) {
    switch (stat.type()) {
      case REGULAR -> {
        try (Fd in = files.openToRead(from, name);
            Fd out = files.create(to, name, 0600)) {
          files.copy(in, out, stat.size());
        }
      }
      case SYMBOLIC_LINK -> files.symlink(files.readLink(from, name), to, name);
      default -> files.mknod(to, name, stat.type(), 0, stat.major(), stat.minor());
    }
    files.chown(to, name, stat.uid(), stat.gid());
    xattrs(files, from, name, to, name);
    if (stat.type() != FileType.SYMBOLIC_LINK) {
      files.chmod(to, name, stat.mode());
    }
    files.setTime(to, name, stat.mtime());
  }

  /// Gives an open directory what another one carries.
  public static void attributes(FileAt files, Fd from, Fd to) {
    FileStat stat = files.stat(from);
    files.chown(to, stat.uid(), stat.gid());
    xattrs(files, from, SELF, to, SELF);
    files.chmod(to, stat.mode());
    files.setTime(to, stat.mtime());
  }

  private static void xattrs(FileAt files, Fd fromDirectory, byte[] from, Fd toDirectory, byte[] to) {
    for (String name : files.xattrs(fromDirectory, from)) {
      if (name.startsWith("trusted.overlay.")) {
        continue;
      }
      byte[] value = files.xattr(fromDirectory, from, name).orElse(new byte[0]);
      try {
        files.setXattr(toDirectory, to, name, value);
      } catch (KernelException e) {
        if (e.errno() != Errno.EOPNOTSUPP) {
          throw e;
        }
      }
    }
  }
}
