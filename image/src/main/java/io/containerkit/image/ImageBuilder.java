package io.containerkit.image;

import io.containerkit.image.ImageConfig.Defaults;
import io.containerkit.image.ImageConfig.History;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Makes an image: a base, layers on it, and what its containers run with. The same input gives the same digests; the time of
/// making is 1970 unless it is set.
///
/// For one thread.
public final class ImageBuilder {

  private final Lease lease;
  private final List<Descriptor> layers = new ArrayList<>();
  private final List<Digest> diffIds = new ArrayList<>();
  private final List<History> history = new ArrayList<>();
  private ImageConfig config;
  private Instant created = Instant.EPOCH;
  private Compression compression = Compression.GZIP;
  private String comment = "";

  private ImageBuilder(Lease lease, ImageConfig config) {
    this.lease = lease;
    this.config = config;
  }

  /// Starts with nothing.
  ///
  /// @param lease keeps the parts of the image until it has a name
  public static ImageBuilder scratch(Lease lease, Platform platform) {
    return new ImageBuilder(lease, ImageConfig.of(platform, Defaults.NONE, List.of()));
  }

  /// Starts with an image of the store.
  ///
  /// @param base its manifest, or an index
  /// @param platform which image of an index
  public static ImageBuilder from(Lease lease, Descriptor base, Platform platform) {
    lease.keep(base.digest());
    ContentStore store = lease.store();
    Manifest manifest = store.manifest(base, platform);
    ImageConfig config = store.config(manifest);
    var builder = new ImageBuilder(lease, config);
    builder.layers.addAll(manifest.layers());
    builder.diffIds.addAll(config.diffIds());
    builder.history.addAll(config.history());
    return builder;
  }

  /// How the layers from here on are compressed: [Compression#GZIP] at first.
  public ImageBuilder compression(Compression newCompression) {
    compression = newCompression;
    return this;
  }

  /// When the image and the layers from here on were made.
  public ImageBuilder created(Instant time) {
    created = time;
    return this;
  }

  /// Who made the image.
  public ImageBuilder author(String name) {
    config = config.withOrigin(config.created(), name);
    return this;
  }

  /// A remark that the image's history shows for the layers from here on.
  public ImageBuilder comment(String remark) {
    comment = remark;
    return this;
  }

  /// What containers run with.
  public ImageBuilder defaults(UnaryOperator<Defaults> change) {
    config = config.withDefaults(change.apply(config.defaults()));
    return this;
  }

  /// Adds a layer.
  ///
  /// @param createdBy the command or remark that the image's history shows for it
  public ImageBuilder layer(LayerSource source, String createdBy) throws InterruptedException {
    return add("new layer", plain -> LayerWriter.write(source, plain), createdBy);
  }

  /// Adds an archive of files as a layer: compressed or not, checked, and stored in this builder's compression.
  ///
  /// @param archive read to its end, not closed
  public ImageBuilder archive(InputStream archive, String createdBy) throws InterruptedException {
    return add("archive of files", plain -> copyArchive(archive, plain), createdBy);
  }

  private static void copyArchive(InputStream archive, OutputStream plain) throws IOException {
    var tar = new TarReader(new TeeInputStream(Compression.decompress(archive), plain));
    while (tar.next() != null) {}
    if (!tar.isTerminated()) {
      throw new MalformedException("it has no end; it may have been cut");
    }
  }

  private ImageBuilder add(String subject, Lease.Content archive, String createdBy) throws InterruptedException {
    if (layers.size() == Snapshots.MOST_LOWER) {
      // Before the work of packing it.
      throw Snapshots.tooMany("new image", layers.size() + 1, Snapshots.MOST_LOWER);
    }
    MessageDigest digest = Digest.sha256(new byte[0]).newMessageDigest();
    Descriptor layer =
        lease.write(
            compression.layerMediaType(),
            subject,
            out -> {
              try (OutputStream plain = new DigestOutputStream(compression.compress(out), digest)) {
                archive.writeTo(plain);
              }
            });
    layers.add(layer);
    diffIds.add(Digest.of("sha256", digest.digest()));
    history.add(new History(created.toString(), createdBy, config.author(), comment, false, JsonObject.EMPTY));
    return this;
  }

  /// Stores the image.
  ///
  /// @return its manifest, for [Lease#tag]
  public Descriptor build() throws InterruptedException {
    if (layers.isEmpty()) {
      throw new ImageException(ErrorKind.INVALID_ARGUMENT, "image", "an image has at least one layer", null);
    }
    ImageConfig whole = config.withLayers(diffIds, history).withOrigin(created.toString(), config.author());
    Descriptor stored = lease.put(MediaType.OCI_CONFIG, whole.toBytes());
    return lease.put(MediaType.OCI_MANIFEST, Manifest.of(stored, layers).toBytes()).withPlatform(whole.platform());
  }
}
