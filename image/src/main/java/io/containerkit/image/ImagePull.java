package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.RegistryException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Supplier;

/// Brings one image into a store and unpacks it, while it comes.
final class ImagePull {

  private final ContentStore store;
  private final Snapshots snapshots;
  private final Supplier<RegistryClient> client;
  private final ImageLookup lookup;
  private final ImageReference reference;
  private final String name;
  private final PullOptions options;

  ImagePull(ContentStore store, Snapshots snapshots, Supplier<RegistryClient> client, ImageReference reference, PullOptions options) {
    this.store = store;
    this.snapshots = snapshots;
    this.client = client;
    this.lookup = new ImageLookup(store);
    this.name = ImageLookup.name(reference);
    this.reference = ImageReference.of(name);
    this.options = options;
  }

  /// Pulls; once more without its mirrors if what came is not what it should be: then one of them may have lied.
  Image pull() throws InterruptedException {
    try (Lease lease = store.lease()) {
      try {
        return pull(lease);
      } catch (RegistryException | ImageException e) {
        if (options.policy() == PullPolicy.NEVER || e.kind() != ErrorKind.CORRUPT || !client.get().leaveMirrors(reference)) {
          throw e;
        }
        return pull(lease);
      }
    }
  }

  private Image pull(Lease lease) throws InterruptedException {
    return switch (options.policy()) {
      case ALWAYS -> remote(lease);
      case NEVER -> unpacked(lease, here().orElseThrow(() -> Image.notHere(name)), this::nowhere);
      case MISSING -> {
        Optional<Image> here = here();
        yield here.isPresent() ? unpacked(lease, here.get(), this::layer) : remote(lease);
      }
      case NEWER -> {
        Optional<Image> here = here();
        yield here.isPresent() ? newer(lease, here.get()) : remote(lease);
      }
    };
  }

  private Image newer(Lease lease, Image here) throws InterruptedException {
    try {
      return remote(lease);
    } catch (RegistryException unreachable) {
      // That is what the policy is for.
      return unpacked(lease, here, this::nowhere);
    }
  }

  private Optional<Image> here() {
    return lookup.find(reference, options.platform()).filter(image -> runsAsAsked(image.config()));
  }

  private Image remote(Lease lease) throws InterruptedException {
    Optional<Descriptor> known = store.resolve(name);
    if (known.isPresent()) {
      // A digest cannot come to mean anything else, so nobody need be asked.
      boolean current = reference.digest() != null || client.get().resolve(reference).digest().equals(known.get().digest());
      Optional<Image> whole = current ? here().filter(this::isWhole) : Optional.empty();
      if (whole.isPresent()) {
        tellOfLayers(whole.get().manifest());
        return whole.get();
      }
    }
    FetchedDocument document = client.get().fetch(reference);
    lease.put(document.descriptor(), document.bytes());
    Image image = unpacked(lease, image(lease, document.descriptor()), this::layer);
    // A layer that was unpacked from another compression of it: it is wanted for pushing and saving.
    for (Descriptor layer : image.manifest().layers()) {
      lease.fetch(layer, this::layer);
    }
    lease.tag(name, image.target());
    return image;
  }

  /// Brings all of an image but its layers.
  private Image image(Lease lease, Descriptor target) throws InterruptedException {
    Descriptor descriptor = target;
    for (int depth = 0; store.document(descriptor) instanceof Index index; depth++) {
      Index.checkDepth(depth, reference.toString());
      descriptor = index.choose(options.platform().orElseGet(Platform::host));
      lease.fetch(descriptor, this::document);
    }
    Manifest manifest = store.manifest(descriptor, Platform.host());
    if (!MediaType.isConfig(manifest.config().mediaType())) {
      String type = manifest.artifactType().isEmpty() ? manifest.config().mediaType() : manifest.artifactType();
      throw refused(ErrorKind.UNSUPPORTED, "it is no image but an artifact of type " + Quoted.of(type));
    }
    lease.fetch(manifest.config(), this::config);
    ImageConfig config = store.config(manifest);
    if (!runsAsAsked(config)) {
      throw refused(ErrorKind.NOT_FOUND, "it is for " + Quoted.plain(config.platform().toString()) + " only");
    }
    return new Image(name, target, descriptor, manifest, config);
  }

  private boolean runsAsAsked(ImageConfig config) {
    return options.platform().isEmpty() || options.platform().get().candidates().stream().anyMatch(config.platform()::sameAs);
  }

  private ImageException refused(ErrorKind kind, String why) {
    return new ImageException(kind, name, "cannot pull " + name + ": " + why, null);
  }

  /// Unpacks what is not unpacked.
  private Image unpacked(Lease lease, Image image, BlobSource source) throws InterruptedException {
    lease.keep(image.target().digest());
    options.progress().accept(new Transfer.Started(image.manifest().layers()));
    snapshots.unpack(
        lease, image.manifest(), image.config(), source, layer -> options.progress().accept(new Transfer.Finished(layer)));
    return image;
  }

  private boolean isWhole(Image image) {
    return image.manifest().layers().stream().allMatch(layer -> store.contains(layer.digest()))
        && image.config().diffIds().stream().allMatch(snapshots::contains);
  }

  private void tellOfLayers(Manifest manifest) {
    options.progress().accept(new Transfer.Started(manifest.layers()));
    manifest.layers().forEach(layer -> options.progress().accept(new Transfer.Finished(layer)));
  }

  private InputStream document(Descriptor blob, long from) throws IOException, InterruptedException {
    return skipped(client.get().fetch(reference.withDigest(blob.digest())).bytes(), from);
  }

  private InputStream config(Descriptor blob, long from) throws IOException, InterruptedException {
    return skipped(client.get().fetchBlob(reference, blob), from);
  }

  private InputStream layer(Descriptor blob, long from) {
    return new CountingStream(client.get().openUnverified(reference, blob, from), blob, from, options.progress());
  }

  private InputStream nowhere(Descriptor blob, long from) {
    throw new ImageException(
        ErrorKind.NOT_FOUND, name, "image " + name + " is not whole: " + blob.digest() + " is not in the store; pull it again", null);
  }

  private static InputStream skipped(byte[] bytes, long from) {
    int start = (int) Math.min(from, bytes.length);
    return new ByteArrayInputStream(bytes, start, bytes.length - start);
  }
}
