package io.containerkit.image;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

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
      Descriptor whole = isHere(image.target()) ? image.target() : image.descriptor();
      progress.accept(new Transfer.Started(blobs(whole)));
      return push(target, whole, origin);
    }
  }

  private boolean isHere(Descriptor document) {
    return store.contains(document.digest())
        && switch (store.document(document)) {
          case Manifest _ -> true;
          case Index index -> index.manifests().stream().allMatch(this::isHere);
        };
  }

  private List<Descriptor> blobs(Descriptor document) {
    var blobs = new ArrayList<Descriptor>();
    switch (store.document(document)) {
      case Manifest manifest -> blobs.addAll(blobs(manifest));
      case Index index -> index.manifests().forEach(part -> blobs.addAll(blobs(part)));
    }
    return blobs.stream().distinct().toList();
  }

  /// A foreign layer stays with its maker; the same layer may occur twice.
  private static List<Descriptor> blobs(Manifest manifest) {
    var blobs = new ArrayList<Descriptor>();
    manifest.layers().stream().filter(layer -> !MediaType.isForeign(layer.mediaType())).forEach(blobs::add);
    blobs.add(manifest.config());
    return blobs.stream().distinct().toList();
  }

  private Descriptor push(ImageReference as, Descriptor descriptor, ImageReference origin) throws InterruptedException {
    switch (store.document(descriptor)) {
      case Manifest manifest -> client.forEach(target, blobs(manifest), blob -> push(blob, origin));
      case Index index -> {
        for (Descriptor part : index.manifests()) {
          push(target.withDigest(part.digest()), part, origin);
        }
      }
    }
    return client.push(as, descriptor.mediaType(), store.read(descriptor.digest()));
  }

  private void push(Descriptor blob, ImageReference origin) throws InterruptedException {
    client.pushBlob(target, blob, () -> new CountingStream(store.open(blob.digest()), blob, 0, progress), origin);
    progress.accept(new Transfer.Finished(blob));
  }
}
