package io.containerkit.image;

import io.containerkit.linux.Errno;
import io.containerkit.linux.Fd;
import io.containerkit.linux.FileAt;
import io.containerkit.linux.FileStat;
import io.containerkit.linux.FileType;
import io.containerkit.spec.KernelException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Writes the files of a layer into an empty directory that nobody else can reach.
///
/// Every operation is relative to an open directory and follows no link in its last part. What a directory itself carries is set at
/// the very end, since files that come later would change its times, inherit its group, or take over its default ACL.
final class LayerExtractor implements AutoCloseable {

  private static final byte[] WHITEOUT = ".wh.".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OPAQUE = ".wh..wh..opq".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] AUFS = ".wh..wh.".getBytes(StandardCharsets.US_ASCII);
  static final String OVERLAY_OPAQUE = "trusted.overlay.opaque";
  private static final int IMPLIED_MODE = 0755;

  private final FileAt files;
  private final Fd root;
  private final LayerForm form;
  private final UnpackLimits limits;
  private final FileStat self;
  private final int umask;
  private final OpenDirectories directories;
  private final Map<TreePath, TarEntry> directoryEntries = new LinkedHashMap<>();
  private final Set<String> droppedXattrs = new TreeSet<>();
  private final byte[] buffer = new byte[1 << 17];
  private long entries;

  /// @param root an empty directory of mode 0700 that this process made; stays the caller's
  LayerExtractor(FileAt files, Fd root, LayerForm form, UnpackLimits limits) {
    this.files = files;
    this.root = root;
    this.form = form;
    this.limits = limits;
    this.self = files.stat(root);
    this.umask = Umask.ofThisProcess();
    this.directories = new OpenDirectories(files, root);
  }

  /// What came of a layer.
  ///
  /// @param entries how many files the archive has
  /// @param implied directories that it does not have, but needs for its files
  /// @param droppedXattrs extended attributes that the file system cannot hold
  record Result(long entries, List<TreePath> implied, Set<String> droppedXattrs) {}

  Result extract(TarReader tar) throws IOException {
    for (TarEntry entry; (entry = tar.next()) != null; ) {
      if (Thread.interrupted()) {
        throw new InterruptedIOException("interrupted");
      }
      if (++entries > limits.entries()) {
        throw new MalformedException("holds more than the " + limits.entries() + " files allowed");
      }
      try {
        extract(entry, tar);
      } catch (KernelException e) {
        throw Unpacking.failed(entry.path(), e);
      }
    }
    return finish();
  }

  private void extract(TarEntry entry, TarReader data) throws IOException {
    TreePath path = entry.path();
    if (path.isRoot()) {
      if (entry.kind() != TarEntry.Kind.DIRECTORY) {
        throw new MalformedException("its root is no directory");
      }
      directoryEntries.put(path, entry);
      return;
    }
    if (path.hasDirectoryStartingWith(".wh.")) {
      throw new MalformedException(path + " is in a directory with the name of a whiteout");
    }
    byte[] leaf = path.leaf();
    if (startsWith(leaf, WHITEOUT)) {
      whiteOut(path, leaf);
      return;
    }
    switch (entry.kind()) {
      case DIRECTORY -> directory(entry, leaf);
      case REGULAR -> regular(entry, leaf, data);
      case HARD_LINK -> hardLink(entry, leaf);
      case SYMBOLIC_LINK -> symbolicLink(entry, leaf);
      case CHARACTER_DEVICE -> special(entry, leaf, FileType.CHARACTER_DEVICE);
      case BLOCK_DEVICE -> special(entry, leaf, FileType.BLOCK_DEVICE);
      case FIFO -> special(entry, leaf, FileType.FIFO);
    }
  }

  private void whiteOut(TreePath path, byte[] leaf) throws MalformedException {
    if (Arrays.equals(leaf, OPAQUE)) {
      setOpaque(path.parent());
      return;
    }
    if (startsWith(leaf, AUFS)) {
      // Book-keeping of a file system that is gone; Docker skips it too.
      return;
    }
    byte[] hidden = Arrays.copyOfRange(leaf, WHITEOUT.length, leaf.length);
    if (hidden.length == 0 || Arrays.equals(hidden, new byte[] {'.'}) || Arrays.equals(hidden, new byte[] {'.', '.'})) {
      throw new MalformedException(path + " is a whiteout of nothing that can be named");
    }
    Fd directory = directories.make(path.parent());
    if (form == LayerForm.MARKERS) {
      marker(directory, leaf);
    } else if (!files.mknod(directory, hidden, FileType.CHARACTER_DEVICE, 0, 0, 0)
        && files.stat(directory, hidden).orElseThrow().type() == FileType.DIRECTORY) {
      // What this layer itself has under the name stays; only what is below it must not shine through.
      setOpaque(path.parent().child(hidden));
    }
  }

  private void setOpaque(TreePath path) {
    Fd directory = directories.make(path);
    if (form == LayerForm.MARKERS) {
      marker(directory, OPAQUE);
    } else {
      files.setXattr(directory, new byte[] {'.'}, OVERLAY_OPAQUE, new byte[] {'y'});
    }
  }

  private void marker(Fd directory, byte[] name) {
    if (files.stat(directory, name).isEmpty()) {
      files.create(directory, name, 0).close();
    }
  }

  private void directory(TarEntry entry, byte[] leaf) throws MalformedException {
    checkXattrs(entry);
    TreePath path = entry.path();
    Fd parent = directories.make(path.parent());
    if (!files.mkdir(parent, leaf, OpenDirectories.PRIVATE)) {
      FileStat there = files.stat(parent, leaf).orElseThrow();
      if (there.type() != FileType.DIRECTORY) {
        remove(parent, leaf);
        files.mkdir(parent, leaf, OpenDirectories.PRIVATE);
        if (isWhiteout(there)) {
          setOpaque(path);
        }
      }
    }
    directoryEntries.put(path, entry);
  }

  private void regular(TarEntry entry, byte[] leaf, TarReader data) throws IOException {
    if (entry.size() > limits.bytes()) {
      throw new MalformedException(entry.path() + " has " + entry.size() + " bytes, more than the " + limits.bytes() + " allowed");
    }
    checkXattrs(entry);
    Fd parent = directories.make(entry.path().parent());
    try (Fd file = create(parent, leaf, entry.mode() & 0777)) {
      if (entry.isSparse()) {
        writeSparse(file, entry, data);
      } else {
        write(file, entry.size(), data);
      }
      boolean owned = isOwn(entry);
      if (!owned) {
        files.chown(file, entry.uid(), entry.gid());
      }
      setXattrs(parent, leaf, entry);
      if (!owned || (entry.mode() & (umask | 07000)) != 0) {
        files.chmod(file, entry.mode());
      }
      files.setTime(file, entry.mtime());
    }
  }

  private Fd create(Fd parent, byte[] leaf, int mode) {
    try {
      return files.create(parent, leaf, mode);
    } catch (KernelException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
    remove(parent, leaf);
    return files.create(parent, leaf, mode);
  }

  private void write(Fd file, long length, TarReader data) throws IOException {
    for (long left = length; left > 0; ) {
      int count = fill((int) Math.min(left, buffer.length), data);
      files.write(file, buffer, 0, count);
      left -= count;
    }
  }

  /// Gathers a whole buffer: the archive comes in pieces of any length, each write is a call.
  private int fill(int wanted, TarReader data) throws IOException {
    int have = 0;
    while (have < wanted) {
      int count = data.read(buffer, have, wanted - have);
      if (count < 0) {
        throw new MalformedException("a file ends before its size");
      }
      have += count;
    }
    return have;
  }

  private void writeSparse(Fd file, TarEntry entry, TarReader data) throws IOException {
    for (TarEntry.Extent extent : entry.extents()) {
      files.seek(file, extent.offset());
      write(file, extent.length(), data);
    }
    files.truncate(file, entry.size());
  }

  private void hardLink(TarEntry entry, byte[] leaf) throws IOException {
    TreePath target = TreePath.of(entry.link());
    if (target.equals(entry.path())) {
      return;
    }
    Fd parent = directories.make(entry.path().parent());
    Fd from = existing(target.parent());
    FileStat joined = from == null ? null : files.stat(from, target.leaf()).orElse(null);
    if (from == null || joined == null || isWhiteout(joined)) {
      throw new MalformedException(entry.path() + " is a hard link to " + target + ", which is not in this layer");
    }
    if (joined.type() == FileType.DIRECTORY) {
      throw new MalformedException(entry.path() + " is a hard link to " + target + ", which is a directory");
    }
    if (!files.link(from, target.leaf(), parent, leaf) && !files.stat(parent, leaf).orElseThrow().isSameFile(joined)) {
      remove(parent, leaf);
      files.link(directories.find(target.parent()), target.leaf(), directories.make(entry.path().parent()), leaf);
    }
  }

  private @Nullable Fd existing(TreePath path) {
    try {
      return directories.find(path);
    } catch (KernelException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
        return null;
      }
      throw e;
    }
  }

  private void symbolicLink(TarEntry entry, byte[] leaf) throws MalformedException {
    checkXattrs(entry);
    Fd parent = directories.make(entry.path().parent());
    if (!files.symlink(entry.link(), parent, leaf)) {
      remove(parent, leaf);
      files.symlink(entry.link(), parent, leaf);
    }
    finishUnopened(entry, parent, leaf);
  }

  private void special(TarEntry entry, byte[] leaf, FileType type) throws MalformedException {
    TarEntry.Device device = entry.device();
    if (type == FileType.CHARACTER_DEVICE && device.equals(TarEntry.Device.NONE)) {
      throw new MalformedException(entry.path() + " is the device 0:0, which overlay takes for a whiteout");
    }
    checkXattrs(entry);
    Fd parent = directories.make(entry.path().parent());
    if (!files.mknod(parent, leaf, type, 0, device.major(), device.minor())) {
      remove(parent, leaf);
      files.mknod(parent, leaf, type, 0, device.major(), device.minor());
    }
    finishUnopened(entry, parent, leaf);
  }

  private void finishUnopened(TarEntry entry, Fd parent, byte[] leaf) {
    if (!isOwn(entry)) {
      files.chown(parent, leaf, entry.uid(), entry.gid());
    }
    setXattrs(parent, leaf, entry);
    if (entry.kind() != TarEntry.Kind.SYMBOLIC_LINK) {
      files.chmod(parent, leaf, entry.mode());
    }
    files.setTime(parent, leaf, entry.mtime());
  }

  private boolean isOwn(TarEntry entry) {
    return entry.uid() == self.uid() && entry.gid() == self.gid();
  }

  private static void checkXattrs(TarEntry entry) throws MalformedException {
    for (String name : entry.xattrs().keySet()) {
      if (name.startsWith("trusted.overlay.") || name.startsWith("user.overlay.")) {
        throw new MalformedException(entry.path() + " has the attribute " + Quoted.of(name) + ", by which overlay is steered");
      }
    }
  }

  private void setXattrs(Fd directory, byte[] leaf, TarEntry entry) {
    entry
        .xattrs()
        .forEach(
            (name, value) -> {
              try {
                files.setXattr(directory, leaf, name, value);
              } catch (KernelException e) {
                // The kernel keeps user.* off links and devices (xattr(7)), and not every file system has each kind.
                if (e.errno() != Errno.EOPNOTSUPP && !(e.errno() == Errno.EPERM && name.startsWith("user."))) {
                  throw e;
                }
                droppedXattrs.add(name);
              }
            });
  }

  /// Frees a name. What comes later in an archive replaces what came earlier.
  private void remove(Fd parent, byte[] leaf) {
    if (files.stat(parent, leaf).orElseThrow().type() == FileType.DIRECTORY) {
      files.removeTree(parent, leaf);
      directories.forget();
    } else {
      files.unlink(parent, leaf);
    }
  }

  private Result finish() {
    var implied = Stream.concat(Stream.of(TreePath.ROOT), directories.implied().stream()).filter(path -> !directoryEntries.containsKey(path)).toList();
    for (TreePath path : implied) {
      withDirectory(
          path,
          directory -> {
            files.chmod(directory, IMPLIED_MODE);
            files.setTime(directory, Instant.EPOCH);
          });
    }
    directoryEntries.forEach((path, entry) -> withDirectory(path, directory -> finishDirectory(directory, entry)));
    return new Result(entries, implied, droppedXattrs);
  }

  private interface DirectoryAction {
    void on(Fd directory);
  }

  /// Does something to a directory, unless a later entry of the archive has replaced it.
  private void withDirectory(TreePath path, DirectoryAction action) {
    if (path.isRoot()) {
      action.on(root);
      return;
    }
    Fd parent = existing(path.parent());
    if (parent == null || files.stat(parent, path.leaf()).map(FileStat::type).orElse(null) != FileType.DIRECTORY) {
      return;
    }
    try (Fd directory = files.openDirectory(parent, path.leaf())) {
      action.on(directory);
    }
  }

  private void finishDirectory(Fd directory, TarEntry entry) {
    if (!isOwn(entry)) {
      files.chown(directory, entry.uid(), entry.gid());
    }
    setXattrs(directory, new byte[] {'.'}, entry);
    files.chmod(directory, entry.mode());
    files.setTime(directory, entry.mtime());
  }

  static boolean isWhiteout(FileStat stat) {
    return stat.type() == FileType.CHARACTER_DEVICE && stat.major() == 0 && stat.minor() == 0;
  }

  private static boolean startsWith(byte[] name, byte[] start) {
    return name.length >= start.length && Arrays.equals(name, 0, start.length, start, 0, start.length);
  }

  @Override
  public void close() {
    directories.close();
  }
}
