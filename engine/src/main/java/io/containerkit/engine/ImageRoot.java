package io.containerkit.engine;

import io.containerkit.image.Digest;
import io.containerkit.image.Image;
import io.containerkit.image.Lease;
import io.containerkit.image.Snapshots;
import io.containerkit.linux.Mounts;
import io.containerkit.linux.Overlay;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.nio.file.Path;
import java.util.List;

/// The root file system of a container of an image: the image's layers under a writable one on the disk, or a copy of them where the
/// store's file system cannot hold layers of overlay.
///
/// @param lower the layers, the uppermost first; empty if they were copied
record ImageRoot(String id, List<Path> lower, Storage storage) {

  /// Takes the lease and makes the directories. What is made is named in the journal already.
  static ImageRoot prepare(String id, ContainerPlan.Imaged source, Storage storage) throws InterruptedException {
    Image image = source.image();
    Snapshots snapshots = source.images().snapshots();
    List<Digest> layers = image.config().diffIds();
    try (Lease lease = storage.make(id, image)) {
      if (!layers.stream().allMatch(snapshots::contains)) {
        throw new ImageException(ErrorKind.BUSY, image.name(), "image " + image.name() + " was removed while a container was made of it", null);
      }
      try {
        return new ImageRoot(id, snapshots.lower(lease, layers), storage);
      } catch (ImageException e) {
        if (e.kind() != ErrorKind.UNSUPPORTED) {
          throw e;
        }
        snapshots.copy(layers, storage.upper());
        return new ImageRoot(id, List.of(), storage);
      }
    }
  }

  /// Where the container's changes go, and with a copy all files are.
  Path files() {
    return storage.upper();
  }

  boolean isCopied() {
    return lower.isEmpty();
  }

  /// Mounts the root, for the namespace that this is called in.
  ///
  /// @param place an existing directory
  /// @return the root
  Path mount(Path place) {
    if (lower.isEmpty()) {
      return storage.upper();
    }
    BundleMaker.likewise(id, lower.getFirst(), storage.upper());
    // Whole files in the upper directory, or it would be no layer of its own; and nothing waits for the disk, for the container is gone
    // after a crash of the machine anyway.
    Overlay overlay = Overlay.of(lower, storage.upper(), storage.work()).withOptions("redirect_dir=off", "metacopy=off", "volatile");
    Mounts.overlay(overlay, place);
    return place;
  }
}
