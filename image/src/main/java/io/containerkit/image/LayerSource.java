package io.containerkit.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/// A directory that a layer is made of.
///
/// @param directory whose files the layer has
/// @param isUpper whether it is the upper directory of an overlay, with marks for what is hidden; else every file is taken as it is
/// @param target where in the image the files go; empty for its root
/// @param newest times behind this one are set to it, as `SOURCE_DATE_EPOCH` asks for; empty to keep them
/// @param owner who owns all files; empty to keep owners and groups
/// @param before what the directory was a copy of: the layer has what is different, and marks for what is gone; empty for all files
public record LayerSource(
    Path directory, boolean isUpper, String target, Optional<Instant> newest, Optional<Owner> owner, Optional<Path> before) {

  public LayerSource {
    if (before.isPresent() && !target.isEmpty()) {
      throw new IllegalArgumentException("changes go where the changed files are: " + target);
    }
  }

  /// An owner and a group.
  public record Owner(long uid, long gid) {}

  /// All files of a directory, as they are.
  public static LayerSource of(Path directory) {
    return new LayerSource(directory, false, "", Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// What a container has changed.
  ///
  /// @param upper the upper directory of its overlay; nothing may write to it meanwhile
  public static LayerSource ofUpper(Path upper) {
    return new LayerSource(upper, true, "", Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// What a container has changed in a copy of its image, for where overlay cannot be had. Everything is compared, contents included.
  ///
  /// @param copy the copy; nothing may write to it meanwhile
  /// @param before another copy, in which nothing was changed
  public static LayerSource ofCopy(Path copy, Path before) {
    return new LayerSource(copy, false, "", Optional.empty(), Optional.empty(), Optional.of(before));
  }

  /// Writes the files as an archive, in which names come in the order of their bytes.
  ///
  /// @param out stays open
  /// @throws io.containerkit.spec.ImageException if the files cannot be read, or change meanwhile
  public void writeTo(OutputStream out) throws IOException {
    LayerWriter.write(this, out);
  }

  /// The same files below a directory of the image.
  public LayerSource at(String newTarget) {
    return new LayerSource(directory, isUpper, newTarget, newest, owner, before);
  }

  /// The same files, none newer than this.
  public LayerSource notNewerThan(Instant time) {
    return new LayerSource(directory, isUpper, target, Optional.of(time), owner, before);
  }

  /// The same files, all owned by these.
  public LayerSource ownedBy(long uid, long gid) {
    return new LayerSource(directory, isUpper, target, newest, Optional.of(new Owner(uid, gid)), before);
  }
}
