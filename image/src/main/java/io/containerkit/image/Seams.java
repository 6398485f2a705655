package io.containerkit.image;

import io.containerkit.linux.Errno;
import io.containerkit.linux.Fd;
import io.containerkit.linux.FileAt;
import io.containerkit.linux.FileCopy;
import io.containerkit.linux.FileStat;
import io.containerkit.linux.FileType;
import io.containerkit.spec.KernelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Mends what overlay shows of directories that a layer needs but does not describe.
///
/// An archive may hold `a/b` without `a`. Then `a` is to stay as it is in the layers below, but overlay shows owner, permissions and
/// times of the uppermost layer that has the directory at all. Which layers are below is not known while a layer is unpacked, and differs
/// from image to image. So a *seam* goes right above such a layer: a layer of nothing but those directories, as the ones below have
/// them. Few images need any.
final class Seams {

  private final LayerDirectories layers;
  private final Lease lease;

  Seams(LayerDirectories layers, Lease lease) {
    this.layers = layers;
    this.lease = lease;
  }

  /// Finds or makes the seam above the last of some layers.
  ///
  /// @param diffIds the layers, the lowest first
  /// @param chain the same, unpacked
  /// @return its directory; empty if none is needed
  Optional<Path> above(List<Digest> diffIds, List<LayerDirectories.Layer> chain) throws InterruptedException {
    List<TreePath> implied = chain.getLast().record().implied().stream().filter(path -> !path.isRoot()).toList();
    if (chain.size() == 1 || implied.isEmpty()) {
      return Optional.empty();
    }
    Digest id = chainId(diffIds);
    lease.keep(id);
    try (StoreLocks.Held _ = layers.lock(id)) {
      var known = layers.find(id);
      if (known.isPresent()) {
        return Optional.of(known.get().files());
      }
      return Optional.of(layers.publish(id, (files, root) -> fill(files, root, implied, chain)).files());
    } catch (IOException e) {
      throw Unpacking.failed("layer " + diffIds.getLast(), e);
    }
  }

  /// The name of a stack of layers (image-spec, "Layer ChainID").
  static Digest chainId(List<Digest> diffIds) {
    Digest id = diffIds.getFirst();
    for (Digest diffId : diffIds.subList(1, diffIds.size())) {
      id = Digest.sha256((id + " " + diffId).getBytes(StandardCharsets.US_ASCII));
    }
    return id;
  }

  private static LayerRecord fill(FileAt files, Fd root, List<TreePath> implied, List<LayerDirectories.Layer> chain) {
    Set<TreePath> missing = Set.copyOf(implied);
    var roots = new ArrayList<Fd>();
    try {
      for (LayerDirectories.Layer layer : chain) {
        roots.add(FileAt.openDirectory(layer.files()));
      }
      Fd own = roots.removeLast();
      // Parents come before what is in them, and get their attributes after it.
      var all = new TreeSet<TreePath>();
      for (TreePath path : implied) {
        for (TreePath up = path; !up.isRoot(); up = up.parent()) {
          all.add(up);
        }
      }
      all.forEach(path -> mkdir(files, root, path));
      FileCopy.attributes(files, own, root);
      for (TreePath path : all.descendingSet()) {
        Fd source = missing.contains(path) ? below(files, roots, chain, path) : open(files, own, path);
        try (Fd from = source != null ? source : files.openInRoot(own, path.bytes());
            Fd to = files.openInRoot(root, path.bytes())) {
          FileCopy.attributes(files, from, to);
        }
      }
      return new LayerRecord(LayerForm.OVERLAY, all.size(), List.of(), Set.of());
    } finally {
      roots.forEach(Fd::close);
    }
  }

  private static void mkdir(FileAt files, Fd root, TreePath path) {
    try (Fd parent = files.openInRoot(root, path.parent().bytes())) {
      files.mkdir(parent, path.leaf(), OpenDirectories.PRIVATE);
    }
  }

  /// The directory as the layers below have it, or null if it is not there or no directory.
  private static @Nullable Fd below(FileAt files, List<Fd> roots, List<LayerDirectories.Layer> chain, TreePath path) {
    for (int i = roots.size() - 1; i >= 0; i--) {
      if (hides(files, roots.get(i), path)) {
        return null;
      }
      boolean described = !chain.get(i).record().implied().contains(path);
      Fd found = described ? open(files, roots.get(i), path) : null;
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /// Whether a layer has something else than a directory where the path leads through.
  private static boolean hides(FileAt files, Fd layer, TreePath path) {
    for (TreePath at = path; !at.isRoot(); at = at.parent()) {
      Fd parent = open(files, layer, at.parent());
      if (parent != null) {
        try (parent) {
          Optional<FileStat> stat = files.stat(parent, at.leaf());
          if (stat.isPresent()) {
            return stat.get().type() != FileType.DIRECTORY;
          }
          if (files.xattr(parent, new byte[] {'.'}, LayerExtractor.OVERLAY_OPAQUE).isPresent()) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static @Nullable Fd open(FileAt files, Fd layer, TreePath path) {
    try {
      return files.openInRoot(layer, path.bytes());
    } catch (KernelException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR || e.errno() == Errno.ELOOP) {
        return null;
      }
      throw e;
    }
  }
}
