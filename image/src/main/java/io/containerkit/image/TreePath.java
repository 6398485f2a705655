package io.containerkit.image;

import io.containerkit.linux.FileName;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A place inside a file tree, byte for byte as the kernel sees it: relative to the tree's root and without empty, `.` and `..`
/// parts. The root itself has no parts. Java's own paths cannot hold every name that Linux allows.
final class TreePath implements Comparable<TreePath> {

  static final TreePath ROOT = new TreePath(new byte[0]);

  private final byte[] bytes;

  private TreePath(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Reads a name as it stands in an archive. Leading slashes, doubled ones and `.` parts mean nothing and go.
  ///
  /// @throws MalformedException if it has a `..` part or a NUL
  static TreePath of(byte[] name) throws MalformedException {
    var clean = new ByteArrayOutputStream(name.length);
    for (int at = 0; at < name.length; ) {
      int end = indexOf(name, '/', at);
      if (end - at == 2 && name[at] == '.' && name[at + 1] == '.') {
        throw new MalformedException("the name " + FileName.show(name) + " climbs out with \"..\"");
      }
      if (end > at && !(end - at == 1 && name[at] == '.')) {
        if (clean.size() > 0) {
          clean.write('/');
        }
        clean.write(name, at, end - at);
      }
      at = end + 1;
    }
    if (indexOf(name, 0, 0) < name.length) {
      throw new MalformedException("the name " + FileName.show(name) + " holds a NUL");
    }
    return clean.size() == 0 ? ROOT : new TreePath(clean.toByteArray());
  }

  private static int indexOf(byte[] bytes, int wanted, int from) {
    int at = from;
    while (at < bytes.length && bytes[at] != wanted) {
      at++;
    }
    return at;
  }

  boolean isRoot() {
    return bytes.length == 0;
  }

  /// The directory that this is in; the root's is the root.
  TreePath parent() {
    int slash = lastSlash();
    return slash < 0 ? ROOT : new TreePath(Arrays.copyOf(bytes, slash));
  }

  /// The last part; the root has an empty one.
  byte[] leaf() {
    return Arrays.copyOfRange(bytes, lastSlash() + 1, bytes.length);
  }

  /// A place directly in this one.
  TreePath child(byte[] name) {
    if (isRoot()) {
      return new TreePath(name.clone());
    }
    byte[] joined = Arrays.copyOf(bytes, bytes.length + 1 + name.length);
    joined[bytes.length] = '/';
    System.arraycopy(name, 0, joined, bytes.length + 1, name.length);
    return new TreePath(joined);
  }

  /// Whether a part before the last starts with `prefix`.
  boolean hasDirectoryStartingWith(String prefix) {
    byte[] start = prefix.getBytes(StandardCharsets.US_ASCII);
    for (int at = 0; at <= lastSlash(); at = indexOf(bytes, '/', at) + 1) {
      if (Arrays.equals(bytes, at, Math.min(bytes.length, at + start.length), start, 0, start.length)) {
        return true;
      }
    }
    return false;
  }

  /// The name as it goes to a system call; `.` for the root.
  byte[] bytes() {
    return isRoot() ? new byte[] {'.'} : bytes.clone();
  }

  private int lastSlash() {
    int at = bytes.length - 1;
    while (at >= 0 && bytes[at] != '/') {
      at--;
    }
    return at;
  }

  /// Orders by bytes, as `LC_ALL=C sort` does, except that what is in a directory follows it at once.
  @Override
  public int compareTo(TreePath other) {
    for (int i = 0; i < Math.min(bytes.length, other.bytes.length); i++) {
      if (bytes[i] != other.bytes[i]) {
        return Integer.compare(rank(bytes[i]), rank(other.bytes[i]));
      }
    }
    return Integer.compare(bytes.length, other.bytes.length);
  }

  private static int rank(byte b) {
    return b == '/' ? 0 : b & 0xff;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TreePath path && Arrays.equals(bytes, path.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// The path for a message, quoted.
  @Override
  public String toString() {
    return FileName.show(bytes());
  }
}
