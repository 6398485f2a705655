package io.containerkit.linux;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/// Removes directories with all that is in them, whoever has made them and however deep they are: two are open at a time, and the way back is
/// by `..`, which is checked. What somebody else removes meanwhile is as good as removed.
final class TreeRemoval {

  private static final int AT_REMOVEDIR = 0x200;
  private static final int EISDIR = 21;
  private static final int ENOTEMPTY = 39;
  private static final int ESTALE = 116;
  private static final byte[] PARENT = {'.', '.'};

  private final FileAt files;

  TreeRemoval(FileAt files) {
    this.files = files;
  }

  /// A directory that is being emptied.
  ///
  /// @param name what it is called in the one above
  /// @param stat what it is known by
  /// @param names what is left to remove
  private record Level(@SuppressWarnings("ArrayRecordComponent") byte[] name, FileStat stat, Iterator<byte[]> names) {}

  boolean remove(Fd directory, byte[] name) {
    long result = files.unlinkat(directory, name, 0);
    if (result == -Errno.ENOENT) {
      return false;
    }
    if (result == -EISDIR) {
      try (Fd inner = files.openDirectory(directory, name)) {
        empty(inner);
      }
      result = files.unlinkat(directory, name, AT_REMOVEDIR);
    }
    check(result, name);
    return true;
  }

  void empty(Fd top) {
    Deque<Level> above = new ArrayDeque<>();
    Level level = level(top, PARENT);
    Fd at = top;
    try {
      while (level.names.hasNext() || !above.isEmpty()) {
        Fd left = at;
        if (level.names.hasNext()) {
          byte[] name = level.names.next();
          if (!isRemoved(at, name)) {
            at = files.openDirectory(at, name);
            close(left, top);
            above.push(level);
            level = level(at, name);
          }
        } else {
          byte[] emptied = level.name;
          level = above.pop();
          at = above.isEmpty() ? top : parent(at, level);
          close(left, top);
          check(files.unlinkat(at, emptied, AT_REMOVEDIR), emptied);
        }
      }
    } finally {
      close(at, top);
    }
  }

  private Level level(Fd directory, byte[] name) {
    return new Level(name, files.stat(directory), files.list(directory).iterator());
  }

  /// Removes a name unless it is a directory that has something in it.
  private boolean isRemoved(Fd directory, byte[] name) {
    long result = files.unlinkat(directory, name, 0);
    if (result == -EISDIR) {
      result = files.unlinkat(directory, name, AT_REMOVEDIR);
    }
    if (result == -ENOTEMPTY) {
      return false;
    }
    check(result, name);
    return true;
  }

  private Fd parent(Fd directory, Level expected) {
    Fd parent = files.openDirectory(directory, PARENT);
    if (!files.stat(parent).isSameFile(expected.stat)) {
      parent.close();
      throw Errno.exception("openat", "..", ESTALE);
    }
    return parent;
  }

  /// The first directory stays its owner's.
  private static void close(Fd directory, Fd top) {
    if (directory != top) {
      directory.close();
    }
  }

  private static void check(long result, byte[] name) {
    if (result != -Errno.ENOENT) {
      Errno.check(result, "unlinkat", FileName.show(name));
    }
  }
}
