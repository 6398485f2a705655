package io.containerkit.image;

import io.containerkit.linux.Fd;
import io.containerkit.linux.FileAt;
import io.containerkit.linux.FileCopy;
import io.containerkit.linux.FileStat;
import io.containerkit.linux.FileType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Puts an unpacked layer on top of the files that are in a directory already: what it hides goes, what it has replaces what was
/// there, directories on both sides become one.
final class LayerMerge {

  private static final byte[] WHITEOUT = ".wh.".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OPAQUE = ".wh..wh..opq".getBytes(StandardCharsets.US_ASCII);

  private final FileAt files;
  private final Fd from;
  private final Fd to;
  private final LayerForm form;
  private final Set<TreePath> implied;
  /// Where the first name of a file with several was written.
  private final Map<Long, TreePath> linked = new HashMap<>();

  /// @param from the layer's files
  /// @param to where they go; not reachable by anyone else meanwhile
  LayerMerge(FileAt files, Fd from, Fd to, LayerRecord layer) {
    this.files = files;
    this.from = from;
    this.to = to;
    this.form = layer.form();
    this.implied = new HashSet<>(layer.implied());
    // Overlay shows the uppermost layer's root, so that is what a copy has.
    this.implied.remove(TreePath.ROOT);
  }

  void merge() {
    mergeDirectory(TreePath.ROOT, from, to, false);
  }

  private void mergeDirectory(TreePath path, Fd source, Fd target, boolean fresh) {
    FileStat before = files.stat(target);
    if (isOpaque(source)) {
      files.removeContent(target);
    }
    var names = files.list(source);
    if (form == LayerForm.MARKERS) {
      names.stream().filter(LayerMerge::isMarker).forEach(name -> files.removeTree(target, Arrays.copyOfRange(name, WHITEOUT.length, name.length)));
      names.removeIf(LayerMerge::isMarker);
    }
    for (byte[] name : names) {
      mergeFile(path.child(name), name, source, target);
    }
    if (fresh || !implied.contains(path)) {
      FileCopy.attributes(files, source, target);
    } else {
      // A directory that the layer does not describe stays as it was.
      files.setTime(target, before.mtime());
    }
  }

  private boolean isOpaque(Fd directory) {
    return form == LayerForm.MARKERS
        ? files.stat(directory, OPAQUE).isPresent()
        : files.xattr(directory, new byte[] {'.'}, LayerExtractor.OVERLAY_OPAQUE).isPresent();
  }

  private static boolean isMarker(byte[] name) {
    return name.length > WHITEOUT.length && Arrays.equals(name, 0, WHITEOUT.length, WHITEOUT, 0, WHITEOUT.length);
  }

  private void mergeFile(TreePath path, byte[] name, Fd source, Fd target) {
    FileStat stat = files.stat(source, name).orElseThrow();
    boolean directoryThere = files.stat(target, name).map(there -> there.type() == FileType.DIRECTORY).orElse(false);
    if (stat.type() != FileType.DIRECTORY || !directoryThere) {
      files.removeTree(target, name);
    }
    if (form == LayerForm.OVERLAY && LayerExtractor.isWhiteout(stat)) {
      return;
    }
    if (stat.type() == FileType.DIRECTORY) {
      files.mkdir(target, name, OpenDirectories.PRIVATE);
      try (Fd inner = files.openDirectory(source, name);
          Fd copy = files.openDirectory(target, name)) {
        mergeDirectory(path, inner, copy, !directoryThere);
      }
      return;
    }
    TreePath first = stat.links() > 1 ? linked.putIfAbsent(stat.inode(), path) : null;
    if (first != null) {
      try (Fd parent = files.openInRoot(to, first.parent().bytes())) {
        files.link(parent, first.leaf(), target, name);
      }
      return;
    }
    FileCopy.file(files, stat, source, name, target);
  }
}
