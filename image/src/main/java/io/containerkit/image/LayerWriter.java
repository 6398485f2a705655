package io.containerkit.image;

import io.containerkit.linux.Fd;
import io.containerkit.linux.FileAt;
import io.containerkit.linux.FileStat;
import io.containerkit.linux.FileType;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.KernelException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Packs the files of a directory into the archive of a layer. Names come in the order of their bytes, so the same files give the same
/// archive, to the byte.
final class LayerWriter {

  private static final String OVERLAY = "trusted.overlay.";

  private final FileAt files;
  private final LayerSource source;
  private final TarWriter tar;
  private final byte[] buffer = new byte[1 << 17];
  /// Where the first name of a file with several is in the archive.
  private final Map<File, TreePath> linked = new HashMap<>();

  /// A file, whatever it is called; below a mount another device counts its own inodes.
  private record File(long device, long inode) {}

  /// What is different, by its directory; null where everything is written.
  private final @Nullable Map<TreePath, Map<TreePath, LayerChange.Kind>> changes;

  private LayerWriter(FileAt files, LayerSource source, TarWriter tar, @Nullable Map<TreePath, Map<TreePath, LayerChange.Kind>> changes) {
    this.files = files;
    this.source = source;
    this.tar = tar;
    this.changes = changes;
  }

  /// Writes the archive of a layer.
  ///
  /// @param out stays open
  /// @throws ImageException if the files cannot be read, change meanwhile, or cannot be in a layer
  static void write(LayerSource source, OutputStream out) throws IOException {
    String subject = "layer of " + source.directory();
    try (var files = new FileAt();
        Fd root = FileAt.openDirectory(source.directory())) {
      var tar = new TarWriter(out);
      var writer = new LayerWriter(files, source, tar, source.before().isEmpty() ? null : changes(files, root, source.before().get()));
      TreePath target = TreePath.of(source.target().getBytes(StandardCharsets.UTF_8));
      writer.writeDirectoriesAbove(target);
      writer.writeContent(target, root);
      tar.end();
    } catch (KernelException e) {
      throw Unpacking.failed(subject, e);
    } catch (MalformedException e) {
      throw new ImageException(ErrorKind.UNSUPPORTED, subject, subject + ": " + e.getMessage(), e);
    }
  }

  private static Map<TreePath, Map<TreePath, LayerChange.Kind>> changes(FileAt files, Fd root, Path before) {
    var byDirectory = new HashMap<TreePath, Map<TreePath, LayerChange.Kind>>();
    try (Fd old = FileAt.openDirectory(before)) {
      TreeDifference.of(files, root, old, Set.of())
          .forEach((path, kind) -> byDirectory.computeIfAbsent(path.parent(), _ -> new TreeMap<>()).put(path, kind));
    }
    return byDirectory;
  }

  /// The directories on the way to where the files go: nothing is known about them but their names.
  private void writeDirectoriesAbove(TreePath target) throws IOException {
    if (target.isRoot()) {
      return;
    }
    writeDirectoriesAbove(target.parent());
    long uid = source.owner().map(LayerSource.Owner::uid).orElse(0L);
    long gid = source.owner().map(LayerSource.Owner::gid).orElse(0L);
    tar.start(entry(target, TarEntry.Kind.DIRECTORY, 0755, uid, gid, source.newest().orElse(Instant.EPOCH), 0, new byte[0], TarEntry.Device.NONE, Map.of()));
  }

  private void writeContent(TreePath path, Fd directory) throws IOException {
    if (changes != null) {
      writeChanged(changes.getOrDefault(path, Map.of()), path, directory);
      return;
    }
    List<byte[]> names = files.list(directory);
    names.sort(Arrays::compareUnsigned);
    if (source.isUpper() && isOpaque(directory)) {
      writeMarker(path.child(".wh..wh..opq".getBytes(StandardCharsets.US_ASCII)));
    }
    for (byte[] name : names) {
      writeFile(path.child(name), directory, name);
    }
  }

  private void writeChanged(Map<TreePath, LayerChange.Kind> changed, TreePath path, Fd directory) throws IOException {
    for (var change : changed.entrySet()) {
      byte[] name = change.getKey().leaf();
      if (change.getValue() == LayerChange.Kind.DELETED) {
        writeMarker(path.child(whiteout(name)));
      } else {
        writeFile(path.child(name), directory, name);
      }
    }
  }

  private static byte[] whiteout(byte[] name) {
    byte[] marker = Arrays.copyOf(".wh.".getBytes(StandardCharsets.US_ASCII), 4 + name.length);
    System.arraycopy(name, 0, marker, 4, name.length);
    return marker;
  }

  private boolean isOpaque(Fd directory) {
    return files.xattr(directory, new byte[] {'.'}, LayerExtractor.OVERLAY_OPAQUE).filter(value -> value.length == 1 && value[0] == 'y').isPresent();
  }

  private void writeMarker(TreePath path) throws IOException {
    tar.start(entry(path, TarEntry.Kind.REGULAR, 0600, 0, 0, Instant.EPOCH, 0, new byte[0], TarEntry.Device.NONE, Map.of()));
  }

  private void writeFile(TreePath path, Fd parent, byte[] name) throws IOException {
    FileStat stat = files.stat(parent, name).orElseThrow(() -> changed(path));
    if (source.isUpper() && LayerExtractor.isWhiteout(stat)) {
      writeMarker(path.parent().child(whiteout(name)));
      return;
    }
    if (stat.type() == FileType.SOCKET) {
      // A socket means nothing without its process, and tar has no form for it.
      return;
    }
    if (isReserved(name)) {
      throw new MalformedException(path + " has the name of a whiteout");
    }
    TreePath first = stat.type() != FileType.DIRECTORY && stat.links() > 1 ? linked.putIfAbsent(new File(stat.device(), stat.inode()), path) : null;
    if (first != null) {
      tar.start(described(path, TarEntry.Kind.HARD_LINK, stat, first.bytes(), Map.of()));
      return;
    }
    Map<String, byte[]> xattrs = xattrs(path, parent, name);
    switch (stat.type()) {
      case REGULAR -> writeRegular(path, parent, name, stat, xattrs);
      case DIRECTORY -> {
        tar.start(described(path, TarEntry.Kind.DIRECTORY, stat, new byte[0], xattrs));
        try (Fd directory = files.openDirectory(parent, name)) {
          writeContent(path, directory);
        }
      }
      case SYMBOLIC_LINK -> tar.start(described(path, TarEntry.Kind.SYMBOLIC_LINK, stat, files.readLink(parent, name), xattrs));
      case CHARACTER_DEVICE -> tar.start(described(path, TarEntry.Kind.CHARACTER_DEVICE, stat, new byte[0], xattrs));
      case BLOCK_DEVICE -> tar.start(described(path, TarEntry.Kind.BLOCK_DEVICE, stat, new byte[0], xattrs));
      case FIFO, SOCKET -> tar.start(described(path, TarEntry.Kind.FIFO, stat, new byte[0], xattrs));
    }
  }

  private static boolean isReserved(byte[] name) {
    return name.length >= 4 && name[0] == '.' && name[1] == 'w' && name[2] == 'h' && name[3] == '.';
  }

  private void writeRegular(TreePath path, Fd parent, byte[] name, FileStat stat, Map<String, byte[]> xattrs) throws IOException {
    try (Fd file = files.openToRead(parent, name)) {
      if (!files.stat(file).isSameFile(stat)) {
        throw changed(path);
      }
      tar.start(described(path, TarEntry.Kind.REGULAR, stat, new byte[0], xattrs));
      for (long left = stat.size(); left > 0; ) {
        int count = files.read(file, buffer, 0, (int) Math.min(left, buffer.length));
        if (count == 0) {
          throw changed(path);
        }
        tar.write(buffer, 0, count);
        left -= count;
      }
    }
  }

  private Map<String, byte[]> xattrs(TreePath path, Fd parent, byte[] name) throws MalformedException {
    var xattrs = new LinkedHashMap<String, byte[]>();
    for (String attribute : files.xattrs(parent, name)) {
      if (attribute.equals(OVERLAY + "redirect") || attribute.equals(OVERLAY + "metacopy")) {
        throw new MalformedException(path + " is only in part in the upper directory (" + attribute + "); mount with redirect_dir=off,metacopy=off");
      }
      // The first is overlay's book-keeping, the second the host's label.
      if (!attribute.startsWith(OVERLAY) && !attribute.equals("security.selinux")) {
        files.xattr(parent, name, attribute).ifPresent(value -> xattrs.put(attribute, value));
      }
    }
    return xattrs;
  }

  private TarEntry described(TreePath path, TarEntry.Kind kind, FileStat stat, byte[] link, Map<String, byte[]> xattrs) {
    Instant mtime = source.newest().filter(stat.mtime()::isAfter).orElse(stat.mtime());
    boolean isDevice = kind == TarEntry.Kind.CHARACTER_DEVICE || kind == TarEntry.Kind.BLOCK_DEVICE;
    return entry(
        path,
        kind,
        stat.mode(),
        source.owner().map(LayerSource.Owner::uid).orElse(stat.uid()),
        source.owner().map(LayerSource.Owner::gid).orElse(stat.gid()),
        mtime,
        kind == TarEntry.Kind.REGULAR ? stat.size() : 0,
        link,
        isDevice ? new TarEntry.Device(stat.major(), stat.minor()) : TarEntry.Device.NONE,
        xattrs);
  }

  private static TarEntry entry(
      TreePath path, TarEntry.Kind kind, int mode, long uid, long gid, Instant mtime, long size, byte[] link, TarEntry.Device device, Map<String, byte[]> xattrs) {
    return new TarEntry(path, kind, mode, uid, gid, mtime, size, link, device, xattrs, List.of());
  }

  private static ImageException changed(TreePath path) {
    return new ImageException(ErrorKind.BUSY, path.toString(), path + " changed while it was packed", null);
  }
}
