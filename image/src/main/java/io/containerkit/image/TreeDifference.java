package io.containerkit.image;

import io.containerkit.linux.Fd;
import io.containerkit.linux.FileAt;
import io.containerkit.linux.FileStat;
import io.containerkit.linux.FileType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Compares a copy of an image, in which a container has changed files, with another copy, in which none has: file by file with all that
/// they carry, and content by content, for a program may set a file's time back. That is slow, and only for where overlay cannot be had,
/// which would tell.
final class TreeDifference {

  private static final int BLOCK = 1 << 16;

  private final FileAt files;
  private final Set<String> ignored;
  private final SortedMap<TreePath, LayerChange.Kind> changes = new TreeMap<>();
  private final byte[] bytes = new byte[BLOCK];
  private final byte[] otherBytes = new byte[BLOCK];

  private TreeDifference(FileAt files, Set<String> ignored) {
    this.files = files;
    this.ignored = ignored;
  }

  /// Finds what is different; what was in a deleted directory is not told one by one.
  ///
  /// @param ignored places that are left out, as the container sees them
  /// @return in the order of the paths, what is in a directory right behind it
  static SortedMap<TreePath, LayerChange.Kind> of(FileAt files, Fd now, Fd before, Set<String> ignored) {
    var difference = new TreeDifference(files, ignored);
    difference.compareContent(TreePath.ROOT, now, before);
    return difference.changes;
  }

  /// @param before null if the directory is new, and with it all that is in it
  private void compareContent(TreePath path, Fd now, @Nullable Fd before) {
    var names = new TreeSet<byte[]>(Arrays::compareUnsigned);
    names.addAll(files.list(now));
    if (before != null) {
      names.addAll(files.list(before));
    }
    for (byte[] name : names) {
      TreePath child = path.child(name);
      if (ignored.isEmpty() || !ignored.contains("/" + new String(child.bytes(), StandardCharsets.UTF_8))) {
        compare(child, name, now, before);
      }
    }
  }

  private void compare(TreePath path, byte[] name, Fd parent, @Nullable Fd parentBefore) {
    Optional<FileStat> now = files.stat(parent, name);
    Optional<FileStat> before = parentBefore == null ? Optional.empty() : files.stat(parentBefore, name);
    if (now.isEmpty()) {
      changes.put(path, LayerChange.Kind.DELETED);
      return;
    }
    boolean sameType = before.isPresent() && now.get().type() == before.get().type();
    int known = changes.size();
    if (now.get().type() == FileType.DIRECTORY) {
      try (Fd directory = files.openDirectory(parent, name);
          Fd old = sameType && parentBefore != null ? files.openDirectory(parentBefore, name) : null) {
        compareContent(path, directory, old);
      }
    }
    if (before.isEmpty()) {
      changes.put(path, LayerChange.Kind.ADDED);
    } else if (!sameType || changes.size() > known || parentBefore == null || isOther(name, parent, now.get(), parentBefore, before.get())) {
      changes.put(path, LayerChange.Kind.CHANGED);
    }
  }

  /// Whether a file is not what one of the same type was.
  private boolean isOther(byte[] name, Fd parent, FileStat now, Fd parentBefore, FileStat before) {
    if (now.mode() != before.mode() || now.uid() != before.uid() || now.gid() != before.gid() || !now.mtime().equals(before.mtime())) {
      return true;
    }
    if (!xattrs(parent, name).equals(xattrs(parentBefore, name))) {
      return true;
    }
    return switch (now.type()) {
      case DIRECTORY -> false;
      case REGULAR -> now.links() != before.links() || now.size() != before.size() || !isSameContent(name, parent, parentBefore);
      case SYMBOLIC_LINK -> !Arrays.equals(files.readLink(parent, name), files.readLink(parentBefore, name));
      default -> now.links() != before.links() || now.major() != before.major() || now.minor() != before.minor();
    };
  }

  private Map<String, ByteBuffer> xattrs(Fd parent, byte[] name) {
    var all = new HashMap<String, ByteBuffer>();
    for (String attribute : files.xattrs(parent, name)) {
      files.xattr(parent, name, attribute).ifPresent(value -> all.put(attribute, ByteBuffer.wrap(value)));
    }
    return all;
  }

  private boolean isSameContent(byte[] name, Fd parent, Fd parentBefore) {
    try (Fd now = files.openToRead(parent, name);
        Fd before = files.openToRead(parentBefore, name)) {
      while (true) {
        int count = fill(now, bytes);
        if (count != fill(before, otherBytes) || !Arrays.equals(bytes, 0, count, otherBytes, 0, count)) {
          return false;
        }
        if (count < BLOCK) {
          return true;
        }
      }
    }
  }

  private int fill(Fd file, byte[] block) {
    int filled = 0;
    while (filled < BLOCK) {
      int count = files.read(file, block, filled, BLOCK - filled);
      if (count == 0) {
        return filled;
      }
      filled += count;
    }
    return filled;
  }
}
