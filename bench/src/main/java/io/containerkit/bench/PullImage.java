package io.containerkit.bench;

import io.containerkit.image.Compression;
import io.containerkit.image.ContentStore;
import io.containerkit.image.Descriptor;
import io.containerkit.image.ImageBuilder;
import io.containerkit.image.ImageReference;
import io.containerkit.image.Images;
import io.containerkit.image.LayerSource;
import io.containerkit.image.Lease;
import io.containerkit.image.Platform;
import io.containerkit.image.RegistryConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/// The images that are pulled, made of this host's own files.
enum PullImage {
  ONE_LAYER("one gzip layer of 300 MB", "one-layer", Compression.GZIP, 1, 300 * PullImage.MB, PullImage.ANY),
  MANY_LAYERS("20 gzip layers of 15 MB", "many-layers", Compression.GZIP, 20, 15 * PullImage.MB, PullImage.ANY),
  SMALL_FILES("50,000 small files, gzip", "small-files", Compression.GZIP, 1, Long.MAX_VALUE, 50_000),
  ZSTD("one zstd layer of 300 MB", "zstd", Compression.ZSTD, 1, 300 * PullImage.MB, PullImage.ANY);

  private static final long MB = 1_000_000;
  private static final int ANY = Integer.MAX_VALUE;

  private final String title;
  private final String repository;
  private final Compression compression;
  private final int layers;
  private final long layerBytes;
  private final int layerFiles;

  PullImage(String title, String repository, Compression compression, int layers, long layerBytes, int layerFiles) {
    this.title = title;
    this.repository = repository;
    this.compression = compression;
    this.layers = layers;
    this.layerBytes = layerBytes;
    this.layerFiles = layerFiles;
  }

  String title() {
    return title;
  }

  /// Whether umoci knows its compression.
  boolean isReadByUmoci() {
    return compression == Compression.GZIP;
  }

  String reference(Registry registry) {
    return registry.host() + "/" + repository + ":1";
  }

  /// What was pushed.
  ///
  /// @param bytes how many bytes its files have
  /// @param inflation how long one thread takes to decompress its layers, in nanoseconds; 0 if they are not of gzip
  record Pushed(long bytes, long inflation) {}

  /// Makes the image and pushes it.
  ///
  /// @param percent how large it is made, of its full size
  Pushed push(Registry registry, Path scratch, int percent) throws IOException, InterruptedException {
    ImageReference target = ImageReference.of(reference(registry));
    Path root = scratch.resolve(repository + "-store");
    try (ContentStore store = ContentStore.open(root);
        Lease lease = store.lease()) {
      HostFiles files = new HostFiles();
      long bytes = 0;
      ImageBuilder image = ImageBuilder.scratch(lease, Platform.host()).compression(compression);
      for (int i = 0; i < layers; i++) {
        Path layer = Files.createDirectory(scratch.resolve(repository + "-" + i));
        bytes += files.copy(layerBytes / 100 * percent, layerFiles / 100 * percent, layer);
        image.layer(LayerSource.of(layer), "files of the host");
        Workspace.deleteTree(layer);
      }
      Descriptor manifest = image.build();
      lease.tag(target.toString(), manifest);
      try (Images images = Images.builder().root(root).registries(RegistryConfig.NONE.withInsecure(registry.host())).open()) {
        images.push(target.toString(), target, _ -> {});
      }
      return new Pushed(bytes, inflate(store, manifest));
    } finally {
      Workspace.deleteTree(root);
    }
  }

  private long inflate(ContentStore store, Descriptor manifest) throws IOException {
    if (compression != Compression.GZIP) {
      return 0;
    }
    long begin = System.nanoTime();
    byte[] buffer = new byte[1 << 17];
    for (Descriptor layer : store.manifest(manifest, Platform.host()).layers()) {
      try (InputStream in = new GZIPInputStream(store.open(layer.digest()), buffer.length)) {
        while (in.read(buffer) >= 0) {}
      }
    }
    return System.nanoTime() - begin;
  }
}
