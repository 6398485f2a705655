package io.containerkit.image;

import io.containerkit.image.ImageConfig.History;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An image of a store, for one platform.
///
/// @param name the name by which it was found: a complete reference, or a digest where it has no name
/// @param target what the name stands for: the manifest, or the index that has it
/// @param descriptor points at the manifest
/// @param manifest the manifest
/// @param config what containers run with, and the layers
public record Image(String name, Descriptor target, Descriptor descriptor, Manifest manifest, ImageConfig config) {

  /// What docker calls the image's ID: the digest of its configuration.
  public Digest id() {
    return manifest.config().digest();
  }

  /// The reference, unless the image has no name or one that is none.
  public Optional<ImageReference> reference() {
    if (isDangling(name)) {
      return Optional.empty();
    }
    try {
      return Optional.of(ImageReference.of(name));
    } catch (ImageException notReference) {
      // Layouts of others may call their images what they like.
      return Optional.empty();
    }
  }

  /// How many bytes the image has as it is stored and sent: configuration and layers, compressed.
  public long size() {
    return manifest.config().size() + manifest.layers().stream().mapToLong(Descriptor::size).sum();
  }

  /// How the image came about, the lowest layer first.
  public List<Step> steps() {
    var steps = new ArrayList<Step>();
    var layers = manifest.layers().iterator();
    for (History entry : config.history()) {
      steps.add(new Step(entry, entry.emptyLayer() || !layers.hasNext() ? Optional.empty() : Optional.of(layers.next())));
    }
    return steps;
  }

  /// One step of an image's history.
  ///
  /// @param entry what is said of it
  /// @param layer the layer that it made, if it made one
  public record Step(History entry, Optional<Descriptor> layer) {}

  /// Whether a name is no more than what it stands for.
  static boolean isDangling(String name) {
    return name.startsWith("sha256:") || name.startsWith("sha512:");
  }

  static ImageException notHere(String text) {
    return new ImageException(
        ErrorKind.NOT_FOUND, text, "image " + Quoted.of(text) + " is not here; pull or load it first", null);
  }
}
