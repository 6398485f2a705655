package io.containerkit.image;

import io.containerkit.image.ContentStore.Reference;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds images of a store, by what people call them.
final class ImageLookup {

  private final ContentStore store;

  ImageLookup(ContentStore store) {
    this.store = store;
  }

  /// All images, one for each name; of an index the one that this machine runs best, else the first that is here.
  List<Image> all() {
    return store.references().stream().flatMap(reference -> of(reference).stream()).toList();
  }

  /// The image that a text means: a reference, any other name, the start of an ID, or of the digest of a manifest or index.
  Optional<Image> find(String text) {
    Optional<Image> named = names(text).flatMap(name -> reference(name).stream()).findFirst().flatMap(this::of);
    if (named.isPresent()) {
      return named;
    }
    List<Image> found = byDigest(text);
    if (found.stream().map(Image::id).distinct().count() > 1) {
      throw new ImageException(ErrorKind.INVALID_ARGUMENT, text, "the ID " + Quoted.of(text) + " is the start of several images' IDs", null);
    }
    return found.stream().findFirst();
  }

  /// The name in the store that a text means, whatever it stands for.
  Optional<String> name(String text) {
    return names(text).filter(name -> reference(name).isPresent()).findFirst();
  }

  /// All images whose ID, or digest of their manifest or index, starts with a text.
  List<Image> byDigest(String text) {
    String hex = text.startsWith("sha256:") ? text.substring("sha256:".length()) : text;
    if (hex.isEmpty() || !hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
      return List.of();
    }
    return all().stream()
        .filter(image -> Stream.of(image.id(), image.descriptor().digest(), image.target().digest()).anyMatch(d -> d.hex().startsWith(hex)))
        .toList();
  }

  /// The image that a reference names, for a platform, with its manifest and configuration; layers may be missing.
  Optional<Image> find(ImageReference reference, Optional<Platform> platform) {
    return reference(name(reference)).flatMap(known -> platform.isEmpty() ? hostsBest(known) : of(known, platform.get()));
  }

  /// The name under which the store knows what a reference means. Beside a digest, a tag says nothing.
  static String name(ImageReference reference) {
    return (reference.digest() == null ? reference : new ImageReference(reference.registry(), reference.repository(), null, reference.digest()))
        .toString();
  }

  /// The names in the store that a text may mean: as a reference, with a digest that one of its names stands for, or as it is.
  private Stream<String> names(String text) {
    var names = new ArrayList<String>();
    try {
      ImageReference reference = ImageReference.of(text);
      names.add(name(reference));
      if (reference.digest() != null) {
        store.references().stream()
            .filter(known -> known.target().digest().equals(reference.digest()) && known.name().startsWith(reference.name() + ":"))
            .forEach(known -> names.add(known.name()));
      }
    } catch (ImageException notReference) {
      // Then it can be an ID, or the name that another's layout gave.
    }
    names.add(text);
    return names.stream();
  }

  private Optional<Reference> reference(String name) {
    return name.isEmpty() ? Optional.empty() : store.resolve(name).map(target -> new Reference(name, target));
  }

  private Optional<Image> of(Reference reference) {
    return hostsBest(reference).or(() -> firstHere(reference));
  }

  private Optional<Image> hostsBest(Reference reference) {
    return of(reference, Platform.host());
  }

  /// The image for a platform; a lone manifest counts as it is.
  private Optional<Image> of(Reference reference, Platform platform) {
    return Documents.find(store, reference.target(), platform).flatMap(manifest -> image(reference, manifest));
  }

  private Optional<Image> firstHere(Reference reference) {
    return Documents.images(store, reference.target()).stream().flatMap(manifest -> image(reference, manifest).stream()).findFirst();
  }

  /// Empty for an artifact that is no image.
  private Optional<Image> image(Reference reference, Descriptor descriptor) {
    return store.document(descriptor) instanceof Manifest manifest
            && MediaType.isConfig(manifest.config().mediaType())
            && store.contains(manifest.config().digest())
        ? Optional.of(new Image(reference.name(), reference.target(), descriptor, manifest, store.config(manifest)))
        : Optional.empty();
  }
}
