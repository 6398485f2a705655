package io.containerkit.image;

import io.containerkit.linux.Fd;
import io.containerkit.linux.FileAt;
import io.containerkit.spec.ContainerException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Layers unpacked on this machine, and root file systems made of them. Thread-safe, and shared between processes as the
/// [ContentStore] is that they live in: however many want a layer at once, one unpacks it.
///
/// A layer is unpacked into a directory of its own, whatever is below it in an image: layers of one image are unpacked at the same
/// time, and images share them. In a layer, what it hides is marked in overlay's own form.
public final class Snapshots {

  /// Linux, `fs/overlayfs/params.h`: OVL_MAX_STACK.
  static final int MOST_LOWER = 500;

  private final ContentStore store;
  private final UnpackLimits limits;
  private final LayerDirectories layers;
  private final Supplier<LayerForm> form;

  /// @param limits what a layer may unpack to
  public Snapshots(ContentStore store, UnpackLimits limits) {
    this(store, limits, new LayerDirectories(store)::form);
  }

  /// Snapshots in a form that the store's file system does not decide.
  ///
  /// @param form asked once for each layer that is unpacked
  Snapshots(ContentStore store, UnpackLimits limits, Supplier<LayerForm> form) {
    this.store = store;
    this.limits = limits;
    this.layers = new LayerDirectories(store);
    this.form = form;
  }

  /// Snapshots with the default limits.
  public Snapshots(ContentStore store) {
    this(store, UnpackLimits.DEFAULT);
  }

  /// Unpacks all layers of an image that are not unpacked yet, several at a time. A layer that is not in the store is unpacked while it
  /// comes from the source, and is in the store then too.
  ///
  /// @param lease keeps the layers until something refers to them
  /// @param source where to have layers from
  /// @throws ImageException if a layer is refused; layers that are unpacked by then stay
  public void unpack(Lease lease, Manifest manifest, ImageConfig config, BlobSource source) throws InterruptedException {
    unpack(lease, manifest, config, source, _ -> {});
  }

  /// Does the same, and tells of each layer as soon as it is unpacked.
  ///
  /// @param unpacked called by this thread
  public void unpack(Lease lease, Manifest manifest, ImageConfig config, BlobSource source, Consumer<Descriptor> unpacked)
      throws InterruptedException {
    List<Descriptor> blobs = manifest.layers();
    List<Digest> diffIds = config.diffIds();
    if (blobs.size() != diffIds.size()) {
      String subject = "image " + manifest.config().digest();
      throw new ImageException(
          ErrorKind.CORRUPT, subject, subject + ": its manifest has " + blobs.size() + " layers, its configuration " + diffIds.size(), null);
    }
    if (blobs.size() > limits.layers()) {
      throw tooMany("image " + manifest.config().digest(), blobs.size(), limits.layers());
    }
    var imageBytes = new AtomicLong();
    int width = Math.max(1, Math.min(blobs.size(), Math.max(3, Runtime.getRuntime().availableProcessors())));
    try (ExecutorService threads = Executors.newFixedThreadPool(width, Thread.ofPlatform().daemon().name("layer-unpack-", 0).factory())) {
      var done = new ExecutorCompletionService<Descriptor>(threads);
      for (int i = 0; i < blobs.size(); i++) {
        Descriptor blob = blobs.get(i);
        Digest diffId = diffIds.get(i);
        done.submit(
            () -> {
              unpack(lease, blob, diffId, source, imageBytes);
              return blob;
            });
      }
      try {
        for (int i = 0; i < blobs.size(); i++) {
          unpacked.accept(done.take().get());
        }
      } catch (ExecutionException e) {
        threads.shutdownNow();
        throw rethrown(e);
      } catch (InterruptedException e) {
        threads.shutdownNow();
        throw e;
      }
    }
  }

  /// The refusal of an image with too many layers, in whatever way it is met.
  static ImageException tooMany(String subject, int layers, int most) {
    return new ImageException(
        ErrorKind.UNSUPPORTED, subject, subject + ": it has " + layers + " layers, more than the " + most + " that can be put on each other; make fewer of them", null);
  }

  private static InterruptedException rethrown(ExecutionException e) {
    return switch (e.getCause()) {
      case RuntimeException cause -> throw cause;
      case Error cause -> throw cause;
      case InterruptedException cause -> cause;
      case null, default -> throw new IllegalStateException(e);
    };
  }

  /// Unpacks one layer, unless it is unpacked already.
  ///
  /// @param blob the layer as it is stored and sent
  /// @param diffId the digest of its plain archive
  /// @return the directory with its files
  public Path unpack(Lease lease, Descriptor blob, Digest diffId, BlobSource source) throws InterruptedException {
    return unpack(lease, blob, diffId, source, new AtomicLong());
  }

  private Path unpack(Lease lease, Descriptor blob, Digest diffId, BlobSource source, AtomicLong imageBytes) throws InterruptedException {
    lease.keep(diffId);
    var known = layers.find(diffId);
    if (known.isPresent()) {
      return known.get().files();
    }
    try (StoreLocks.Held _ = layers.lock(diffId)) {
      var raced = layers.find(diffId);
      if (raced.isPresent()) {
        return raced.get().files();
      }
      String subject = "layer " + blob.digest();
      try (InputStream content = new ReadAhead("layer-fetch", () -> open(lease, blob, source))) {
        return unpackNew(content, diffId, imageBytes).files();
      } catch (IOException e) {
        throw discarded(blob, Unpacking.failed(subject, e));
      } catch (ImageException e) {
        throw discarded(
            blob,
            e.subject().startsWith("blob ") || e.subject().startsWith(subject)
                ? e
                : new ImageException(e.kind(), subject, subject + ": " + e.getMessage(), e));
      }
    }
  }

  /// Keeps a download that shows itself to be damaged before its end from being gone on with.
  private ImageException discarded(Descriptor blob, ImageException failure) {
    if (failure.kind() == ErrorKind.CORRUPT) {
      store.discardPartial(blob.digest());
    }
    return failure;
  }

  /// Whether a layer is unpacked here.
  public boolean contains(Digest diffId) {
    return layers.find(diffId).isPresent();
  }

  private static InputStream open(Lease lease, Descriptor blob, BlobSource source) throws IOException {
    try {
      return lease.open(blob, source);
    } catch (InterruptedException e) {
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    }
  }

  private LayerDirectories.Layer unpackNew(InputStream content, Digest diffId, AtomicLong imageBytes) throws IOException {
    LayerForm found = form.get();
    return layers.publish(
        diffId,
        (files, root) -> {
          try (var plain = new LayerStream(content, diffId.newMessageDigest(), limits, imageBytes);
              var extractor = new LayerExtractor(files, root, found, limits)) {
            var tar = new TarReader(plain);
            LayerExtractor.Result result = extractor.extract(tar);
            Digest digest = Digest.of(diffId.algorithm(), plain.finish());
            if (!digest.equals(diffId)) {
              throw new MalformedException("its plain archive has the digest " + digest + ", not the diff ID " + diffId);
            }
            return new LayerRecord(found, result.entries(), result.implied(), result.droppedXattrs());
          }
        });
  }

  /// The directories that overlay puts on each other for an image, the uppermost first, as [io.containerkit.linux.Overlay] takes them.
  ///
  /// @param lease keeps what is made on the way
  /// @param diffIds the layers, the lowest first, all of them unpacked
  /// @throws ImageException of kind [ErrorKind#UNSUPPORTED] if the layers could not be unpacked in overlay's form; use [#copy] then
  public List<Path> lower(Lease lease, List<Digest> diffIds) throws InterruptedException {
    var chain = new ArrayList<Path>();
    List<LayerDirectories.Layer> all = unpacked(diffIds);
    var seams = new Seams(layers, lease);
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).record().form() != LayerForm.OVERLAY) {
        throw new ImageException(
            ErrorKind.UNSUPPORTED, "store " + store.root(), "store " + store.root() + ": its file system cannot hold layers of overlay; copy the image instead", null);
      }
      chain.addFirst(all.get(i).files());
      seams.above(diffIds.subList(0, i + 1), all.subList(0, i + 1)).ifPresent(chain::addFirst);
    }
    if (chain.size() > MOST_LOWER) {
      throw tooMany("image of " + diffIds.getLast(), chain.size(), MOST_LOWER);
    }
    if (chain.isEmpty()) {
      throw new ImageException(ErrorKind.INVALID_ARGUMENT, "image", "an image without layers has no root file system", null);
    }
    return chain;
  }

  /// Writes the files of an image into a directory: where overlay cannot be used.
  ///
  /// @param diffIds the layers, the lowest first, all of them unpacked
  /// @param target an empty directory
  public void copy(List<Digest> diffIds, Path target) {
    try (var files = new FileAt();
        Fd root = FileAt.openDirectory(target)) {
      for (LayerDirectories.Layer layer : unpacked(diffIds)) {
        try (Fd from = FileAt.openDirectory(layer.files())) {
          new LayerMerge(files, from, root, layer.record()).merge();
        }
      }
    } catch (ContainerException e) {
      throw new ImageException(e.kind(), target.toString(), "cannot copy an image to " + target + ": " + e.getMessage(), e);
    }
  }

  private List<LayerDirectories.Layer> unpacked(List<Digest> diffIds) {
    return diffIds.stream()
        .map(
            diffId ->
                layers
                    .find(diffId)
                    .orElseThrow(() -> new ImageException(ErrorKind.NOT_FOUND, "layer " + diffId, "layer " + diffId + " is not unpacked here", null)))
        .toList();
  }
}
