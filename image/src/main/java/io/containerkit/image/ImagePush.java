package io.containerkit.image;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Pushes one image of a store, the parts before what names them.
final class ImagePush {

  private final ContentStore store;
  private final RegistryClient client;
  private final ImageReference target;
  private final Consumer<Transfer> progress;

  ImagePush(ContentStore store, RegistryClient client, ImageReference target, Consumer<Transfer> progress) {
    this.store = store;
    this.client = client;
    this.target = target;
    this.progress = progress;
  }

  /// Pushes the index that an image was found in if all of it is here, else the image alone.
  Descriptor push(Image image) throws InterruptedException {
    try (Lease lease = store.lease()) {
      lease.keep(image.target().digest());
      // What the registry has of the image's own repository need not be sent to another one of it.
      ImageReference origin = image.reference().orElse(target);
      List<Descriptor> documents = Documents.of(store, image.target());
      List<Descriptor> pushed = isWhole(documents) ? documents : List.of(image.descriptor());
      progress.accept(new Transfer.Started(pushed.stream().flatMap(this::blobs).distinct().toList()));
      for (Descriptor part : pushed.subList(0, pushed.size() - 1)) {
        push(target.withDigest(part.digest()), part, origin);
      }
      return push(target, pushed.getLast(), origin);
    }
  }

  private Descriptor push(ImageReference as, Descriptor document, ImageReference origin) throws InterruptedException {
    client.forEach(target, blobs(document).toList(), blob -> push(blob, origin));
    return client.push(as, document.mediaType(), store.read(document.digest()));
  }

  /// Whether the index at the end has all that it needs before it.
  private boolean isWhole(List<Descriptor> documents) {
    Set<Digest> here = documents.stream().map(Descriptor::digest).collect(Collectors.toSet());
    return documents.stream()
        .allMatch(document -> !(store.document(document) instanceof Index index) || index.manifests().stream().allMatch(part -> here.contains(part.digest())));
  }

  /// What a manifest needs. A foreign layer stays with its maker; the same layer may occur twice.
  private Stream<Descriptor> blobs(Descriptor document) {
    return store.document(document) instanceof Manifest manifest
        ? Stream.concat(manifest.layers().stream().filter(layer -> !MediaType.isForeign(layer.mediaType())), Stream.of(manifest.config())).distinct()
        : Stream.empty();
  }

  private void push(Descriptor blob, ImageReference origin) throws InterruptedException {
    client.pushBlob(target, blob, () -> new CountingStream(store.open(blob.digest()), blob, 0, progress), origin);
    progress.accept(new Transfer.Finished(blob));
  }
}
