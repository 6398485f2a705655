package io.containerkit.image;

import io.containerkit.image.ContentStore.Reference;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.Json;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonValue;
import io.containerkit.spec.ObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Brings the images of an OCI image layout, of an archive of `docker save`, or of a directory as skopeo's `dir:` has it into a store. All
/// content is checked on the way.
final class ImageLoader {

  static final String LAYOUT = "oci-layout";
  static final String INDEX = "index.json";
  static final String DOCKER_MANIFEST = "manifest.json";
  static final String REF_NAME = "org.opencontainers.image.ref.name";
  /// What containerd, and Docker with it, writes where the other holds the tag alone.
  static final String IMAGE_NAME = "io.containerd.image.name";

  private static final String OLD_MANIFEST = "application/vnd.docker.distribution.manifest.v1+json";

  private final ImageFiles files;
  private final Lease lease;
  private final ContentStore store;
  private final Set<String> brought = new HashSet<>();
  /// The document in skopeo's directory that stands for all of it, else null.
  private @Nullable Digest main;

  ImageLoader(ImageFiles files, Lease lease) {
    this.files = files;
    this.lease = lease;
    this.store = lease.store();
  }

  /// Loads all images; those with a name get it in the store.
  ///
  /// @return the images, with an empty name where they have none
  List<Loaded> load() throws IOException, InterruptedException {
    if (files.contains(LAYOUT)) {
      return loadLayout();
    }
    if (files.contains(DOCKER_MANIFEST)) {
      byte[] manifest = files.read(DOCKER_MANIFEST);
      return switch (Json.read(manifest)) {
        case JsonArray images -> loadDocker(images);
        case JsonObject document -> loadDirectory(document, manifest);
        case JsonValue other -> throw new MalformedException(DOCKER_MANIFEST + " is " + other.described() + ", neither a list nor a manifest");
      };
    }
    throw new MalformedException("is neither an OCI image layout (no " + LAYOUT + ") nor of docker save (no " + DOCKER_MANIFEST + ")");
  }

  /// An image that was loaded.
  ///
  /// @param name its name, or null
  /// @param target its manifest or index
  record Loaded(@Nullable String name, Descriptor target) {}

  private List<Loaded> loadLayout() throws IOException, InterruptedException {
    String version = ObjectReader.of(Json.readObject(files.read(LAYOUT)), LAYOUT).requiredString("imageLayoutVersion");
    if (!version.startsWith("1.")) {
      throw new MalformedException("is an OCI image layout of version " + Quoted.of(version) + ", not 1");
    }
    var loaded = new ArrayList<Loaded>();
    for (Descriptor target : Index.parse(files.read(INDEX)).manifests()) {
      bring(target, 0);
      String name = name(target.annotations().get(REF_NAME), target.annotations().get(IMAGE_NAME));
      Descriptor bare = target.withAnnotations(Map.of());
      loaded.add(new Loaded(name, bare));
    }
    tag(loaded);
    return loaded;
  }

  /// Docker writes the complete name beside the tag. Where the two do not fit, a tool that knows only the one has written it anew
  /// and left the other behind.
  private static @Nullable String name(@Nullable String reference, @Nullable String image) {
    boolean fits = image != null && (reference == null || image.equals(reference) || image.endsWith(":" + reference));
    return fits || reference == null ? image : completed(reference);
  }

  /// What looks like a reference is completed as users complete it; a mere tag stays what it is.
  private static String completed(String reference) {
    if (reference.indexOf(':') < 0 && reference.indexOf('/') < 0) {
      return reference;
    }
    try {
      return ImageReference.of(reference).toString();
    } catch (ImageException notReference) {
      return reference;
    }
  }

  /// Brings a document and all that it refers to. Of an index, what is not in the layout stays away: a layout may hold one platform.
  private void bring(Descriptor target, int depth) throws IOException, InterruptedException {
    // With its type: what is a manifest in one place must not be an index in another.
    if (!brought.add(target.mediaType() + " " + target.digest())) {
      return;
    }
    lease.fetch(target, this::open);
    if (!MediaType.isIndex(target.mediaType()) && !MediaType.isManifest(target.mediaType())) {
      return;
    }
    switch (store.document(target)) {
      case Index index -> {
        Index.checkDepth(depth, "index " + target.digest());
        for (Descriptor manifest : index.manifests()) {
          if (files.contains(place(manifest))) {
            bring(manifest, depth + 1);
          }
        }
      }
      case Manifest manifest -> {
        lease.fetch(manifest.config(), this::open);
        for (Descriptor layer : manifest.layers()) {
          lease.fetch(layer, this::open);
        }
      }
    }
  }

  private InputStream open(Descriptor blob, long from) throws IOException {
    InputStream in = files.open(place(blob));
    in.skipNBytes(from);
    return in;
  }

  /// The file that some content is in.
  private String place(Descriptor blob) {
    if (main == null) {
      return ImageFiles.blob(blob.digest());
    }
    if (blob.digest().equals(main)) {
      return DOCKER_MANIFEST;
    }
    boolean document = MediaType.isIndex(blob.mediaType()) || MediaType.isManifest(blob.mediaType());
    return blob.digest().hex() + (document ? ".manifest.json" : "");
  }

  /// What skopeo calls `dir:` and podman `docker-dir`: a manifest or index, and beside it all that it needs. It knows no names.
  private List<Loaded> loadDirectory(JsonObject document, byte[] bytes) throws IOException, InterruptedException {
    var in = ObjectReader.of(document, DOCKER_MANIFEST);
    String type = in.string("mediaType");
    if (type.isEmpty()) {
      boolean old = in.requiredInt64("schemaVersion") == 1;
      type = old ? OLD_MANIFEST : document.get("manifests") == null ? MediaType.OCI_MANIFEST : MediaType.OCI_INDEX;
    }
    Document.parse(bytes, type);
    var target = Descriptor.of(type, bytes);
    main = target.digest();
    bring(target, 0);
    return List.of(new Loaded(null, target));
  }

  private List<Loaded> loadDocker(JsonArray images) throws IOException, InterruptedException {
    var loaded = new ArrayList<Loaded>();
    for (JsonValue value : images.values()) {
      if (!(value instanceof JsonObject object)) {
        throw new MalformedException(DOCKER_MANIFEST + " holds " + value.described() + " where an image should be");
      }
      var image = ObjectReader.of(object, DOCKER_MANIFEST);
      Descriptor target = loadDocker(image.requiredString("Config"), image.strings("Layers"));
      List<String> names = image.strings("RepoTags");
      for (String name : names) {
        loaded.add(new Loaded(ImageReference.of(name).toString(), target));
      }
      if (names.isEmpty()) {
        loaded.add(new Loaded(null, target));
      }
    }
    tag(loaded);
    return loaded;
  }

  /// Such an archive has no manifest, so one is made. Layers come as plain archives, whose digests the configuration has, or compressed.
  private Descriptor loadDocker(String configName, List<String> layerNames) throws IOException, InterruptedException {
    byte[] bytes = files.read(configName);
    List<Digest> diffIds = ImageConfig.parse(bytes).diffIds();
    if (diffIds.size() != layerNames.size()) {
      throw new MalformedException(DOCKER_MANIFEST + " has " + layerNames.size() + " layers, " + Quoted.of(configName) + " has " + diffIds.size());
    }
    var layers = new ArrayList<Descriptor>();
    for (int i = 0; i < diffIds.size(); i++) {
      String name = layerNames.get(i);
      Descriptor layer = describe(name);
      if (layer.mediaType().equals(MediaType.OCI_LAYER) && !layer.digest().equals(diffIds.get(i))) {
        throw new MalformedException("the layer " + Quoted.of(name) + " has the digest " + layer.digest() + ", not the diff ID " + diffIds.get(i));
      }
      lease.fetch(
          layer,
          (_, from) -> {
            InputStream in = files.open(name);
            in.skipNBytes(from);
            return in;
          });
      layers.add(layer);
    }
    Descriptor config = lease.put(MediaType.OCI_CONFIG, bytes);
    return lease.put(MediaType.OCI_MANIFEST, Manifest.of(config, layers).toBytes());
  }

  private Descriptor describe(String name) throws IOException {
    MessageDigest digest = Digest.sha256(new byte[0]).newMessageDigest();
    byte[] buffer = new byte[1 << 16];
    long size = 0;
    Compression compression = Compression.NONE;
    try (InputStream in = files.open(name)) {
      for (int count; (count = in.readNBytes(buffer, 0, buffer.length)) > 0; size += count) {
        compression = size == 0 ? Compression.of(buffer, count) : compression;
        digest.update(buffer, 0, count);
      }
    }
    return Descriptor.of(compression.layerMediaType(), Digest.of("sha256", digest.digest()), size);
  }

  private void tag(List<Loaded> images) {
    var references = new ArrayList<Reference>();
    for (Loaded image : images) {
      if (image.name() != null) {
        references.add(new Reference(image.name(), image.target()));
      }
    }
    // All names are good: from here on they change.
    references.forEach(reference -> lease.tag(reference.name(), reference.target()));
  }

  static byte[] layoutVersion() {
    return "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.US_ASCII);
  }
}
