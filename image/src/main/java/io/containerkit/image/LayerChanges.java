package io.containerkit.image;

import io.containerkit.linux.Fd;
import io.containerkit.linux.FileAt;
import io.containerkit.linux.FileStat;
import io.containerkit.linux.FileType;
import io.containerkit.spec.KernelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Compares the upper directory of an overlay with what lies below it, as `docker diff` does.
public final class LayerChanges {

  private final FileAt files;
  private final Set<String> ignored;
  private final List<LayerChange> changes = new ArrayList<>();

  private LayerChanges(FileAt files, Set<String> ignored) {
    this.files = files;
    this.ignored = ignored;
  }

  /// What is different in a container.
  ///
  /// @param upper the upper directory of its overlay
  /// @param below the lower layers as one: an overlay of them, or the only layer
  /// @param ignored places that are mounted on, such as `/proc`: what is there is not the container's
  /// @return in the order of the paths, what is in a directory right behind it
  public static List<LayerChange> of(Path upper, Path below, Set<String> ignored) {
    try (var files = new FileAt();
        Fd changed = FileAt.openDirectory(upper);
        Fd image = FileAt.openDirectory(below)) {
      var comparison = new LayerChanges(files, ignored);
      comparison.compareContent("", changed, image);
      return comparison.changes;
    } catch (KernelException e) {
      throw Unpacking.failed("changes in " + upper, e);
    }
  }

  /// What is different in a container whose image was copied, for where overlay cannot be had. Everything is compared, contents included.
  ///
  /// @param copy the container's root
  /// @param before another copy of the image, in which nothing was changed
  /// @param ignored places that are mounted on, such as `/proc`: what is there is not the container's
  /// @return in the order of the paths, what is in a directory right behind it
  public static List<LayerChange> ofCopy(Path copy, Path before, Set<String> ignored) {
    try (var files = new FileAt();
        Fd now = FileAt.openDirectory(copy);
        Fd old = FileAt.openDirectory(before)) {
      return TreeDifference.of(files, now, old, ignored).entrySet().stream()
          .map(change -> new LayerChange(change.getValue(), "/" + new String(change.getKey().bytes(), StandardCharsets.UTF_8)))
          .toList();
    } catch (KernelException e) {
      throw Unpacking.failed("changes in " + copy, e);
    }
  }

  /// @param below the same directory in the image, or null if it is not there
  private void compareContent(String path, Fd directory, @Nullable Fd below) {
    var names = new TreeSet<byte[]>(Arrays::compareUnsigned);
    names.addAll(files.list(directory));
    if (below != null && isOpaque(directory)) {
      names.addAll(files.list(below));
    }
    for (byte[] name : names) {
      String child = path + "/" + new String(name, StandardCharsets.UTF_8);
      if (!ignored.contains(child)) {
        compare(child, name, directory, below);
      }
    }
  }

  private boolean isOpaque(Fd directory) {
    return files.xattr(directory, new byte[] {'.'}, LayerExtractor.OVERLAY_OPAQUE).filter(value -> value.length == 1 && value[0] == 'y').isPresent();
  }

  private void compare(String path, byte[] name, Fd parent, @Nullable Fd parentBelow) {
    // A name of an opaque directory that is only below is as good as one with a whiteout.
    Optional<FileStat> now = visible(parent, name);
    Optional<FileStat> before = parentBelow == null ? Optional.empty() : visible(parentBelow, name);
    if (now.isEmpty()) {
      before.ifPresent(_ -> changes.add(new LayerChange(LayerChange.Kind.DELETED, path)));
      return;
    }
    int place = changes.size();
    boolean directoriesBoth = isDirectory(now) && isDirectory(before);
    if (isDirectory(now)) {
      try (Fd directory = files.openDirectory(parent, name);
          Fd below = directoriesBoth && parentBelow != null ? files.openDirectory(parentBelow, name) : null) {
        compareContent(path, directory, below);
      }
    }
    if (before.isEmpty()) {
      changes.add(place, new LayerChange(LayerChange.Kind.ADDED, path));
    } else if (!directoriesBoth || changes.size() > place || isDescribedOtherwise(now.get(), before.get())) {
      changes.add(place, new LayerChange(LayerChange.Kind.CHANGED, path));
    }
  }

  private Optional<FileStat> visible(Fd directory, byte[] name) {
    return files.stat(directory, name).filter(stat -> !LayerExtractor.isWhiteout(stat));
  }

  private static boolean isDirectory(Optional<FileStat> file) {
    return file.isPresent() && file.get().type() == FileType.DIRECTORY;
  }

  /// A directory is in the upper one as soon as anything in it was opened to write: that alone is no change.
  private static boolean isDescribedOtherwise(FileStat now, FileStat before) {
    return now.mode() != before.mode() || now.uid() != before.uid() || now.gid() != before.gid() || !now.mtime().equals(before.mtime());
  }
}
