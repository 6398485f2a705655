package io.containerkit.image;

import io.containerkit.linux.Errno;
import io.containerkit.linux.Fd;
import io.containerkit.linux.FileAt;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.KernelException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the directory that a file belongs in, below a root that cannot be left. The last ones used stay open, since the files of an
/// archive come directory by directory.
final class OpenDirectories implements AutoCloseable {

  private static final int MOST = 32;
  static final int PRIVATE = 0700;

  /// How many directories may be in each other: what reads the tree later has that many open.
  private static final int DEEPEST = 512;

  private final FileAt files;
  private final Fd root;
  private final int rootDepth;
  private final Map<TreePath, Fd> open = new LinkedHashMap<>(MOST, 0.75f, true);
  private final Set<TreePath> implied = new LinkedHashSet<>();

  OpenDirectories(FileAt files, Fd root) {
    this.files = files;
    this.root = root;
    this.rootDepth = depth(root);
  }

  /// Opens a directory, making it and those above it where they are missing. The descriptor stays this object's.
  Fd make(TreePath path) {
    Fd known = lookUp(path);
    if (known != null) {
      return known;
    }
    try {
      return keep(path, resolve(path));
    } catch (KernelException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
    Fd parent = make(path.parent());
    if (files.mkdir(parent, path.leaf(), PRIVATE)) {
      implied.add(path);
    }
    return keep(path, resolve(path));
  }

  /// Opens a directory that must be there. The descriptor stays this object's.
  ///
  /// @throws KernelException if it is not (`ENOENT`)
  Fd find(TreePath path) {
    Fd known = lookUp(path);
    return known != null ? known : keep(path, resolve(path));
  }

  private @Nullable Fd lookUp(TreePath path) {
    return path.isRoot() ? root : open.get(path);
  }

  /// Links on the way are followed as a process inside would, with the root as its `/`.
  private Fd resolve(TreePath path) {
    Fd directory = files.openInRoot(root, path.bytes());
    try {
      // By links a path of any length can lead as deep as it likes.
      if (depth(directory) - rootDepth > DEEPEST) {
        throw new ImageException(ErrorKind.CORRUPT, path.toString(), path + " leads deeper than " + DEEPEST + " directories", null);
      }
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
    return directory;
  }

  private int depth(Fd directory) {
    byte[] path = files.readLink(root, ("/proc/self/fd/" + directory.number()).getBytes(StandardCharsets.US_ASCII));
    int depth = 0;
    for (byte b : path) {
      depth += b == '/' ? 1 : 0;
    }
    return depth;
  }

  private Fd keep(TreePath path, Fd directory) {
    if (open.size() == MOST) {
      var eldest = open.entrySet().iterator();
      eldest.next().getValue().close();
      eldest.remove();
    }
    open.put(path, directory);
    return directory;
  }

  /// Forgets what is open: a directory was removed or replaced, so paths may lead elsewhere now.
  void forget() {
    open.values().forEach(Fd::close);
    open.clear();
  }

  /// The directories that [#make] made, in that order.
  Set<TreePath> implied() {
    return implied;
  }

  @Override
  public void close() {
    forget();
  }
}
