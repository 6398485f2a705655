package io.containerkit.image;

import io.containerkit.image.ContentStore.Reference;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.Json;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonString;
import io.containerkit.spec.JsonValue;
import io.containerkit.spec.KernelException;
import io.containerkit.spec.SpecException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Images in files: OCI image layouts, as directories or archives, the archives of `docker save`, and the directories that skopeo calls
/// `dir:` and podman `docker-dir`.
///
/// What is written is always an OCI image layout; the archive is at the same time one that `docker load` reads, as Docker itself
/// writes it since version 25.
public final class ImageArchive {

  private ImageArchive() {}

  /// An image that was loaded.
  ///
  /// @param name the name that it has in the store now; empty if the archive gave none
  /// @param target its manifest or index
  public record Loaded(Optional<String> name, Descriptor target) {}

  /// Loads all images of an archive, compressed or not, whichever of the two forms it has.
  ///
  /// @param lease keeps what has no name
  /// @throws ImageException if it is refused; then no name has changed
  public static List<Loaded> load(Lease lease, InputStream archive) throws InterruptedException {
    try (var files = new ImageFiles.OfArchive(lease.store(), archive, UnpackLimits.DEFAULT)) {
      return loaded(new ImageLoader(files, lease).load());
    } catch (IOException e) {
      throw Unpacking.failed("image archive", e);
    } catch (SpecException e) {
      throw Unpacking.failed("image archive", e);
    }
  }

  /// Loads all images of an OCI image layout, or of another directory that holds images.
  ///
  /// @param lease keeps what has no name
  /// @throws ImageException if it is refused; then no name has changed
  public static List<Loaded> load(Lease lease, Path layout) throws InterruptedException {
    String subject = "image layout " + layout;
    try (var files = new ImageFiles.OfDirectory(layout)) {
      return loaded(new ImageLoader(files, lease).load());
    } catch (IOException e) {
      throw Unpacking.failed(subject, e);
    } catch (KernelException e) {
      throw Unpacking.failed(subject, e);
    } catch (SpecException e) {
      throw Unpacking.failed(subject, e);
    }
  }

  private static List<Loaded> loaded(List<ImageLoader.Loaded> images) {
    return images.stream().map(image -> new Loaded(Optional.ofNullable(image.name()), image.target())).toList();
  }

  /// Writes images as an OCI image layout into a directory, beside those that are there.
  ///
  /// @param layout made if it does not exist
  public static void save(ContentStore store, List<Reference> images, Path layout) {
    try {
      Files.createDirectories(layout);
      for (Digest digest : reachable(store, images)) {
        Path file = layout.resolve(ImageFiles.blob(digest));
        Path parent = layout.resolve("blobs").resolve(digest.algorithm());
        Files.createDirectories(parent);
        if (!Files.exists(file)) {
          Path temporary = Files.createTempFile(parent, ".new", "");
          Files.copy(store.path(digest), temporary, StandardCopyOption.REPLACE_EXISTING);
          Directories.publish(temporary, file);
        }
      }
      Files.write(layout.resolve(ImageLoader.LAYOUT), ImageLoader.layoutVersion());
      Directories.replace(layout.resolve(ImageLoader.INDEX), index(existing(layout), images).toBytes(), layout.resolve(".index.json.new"));
    } catch (IOException e) {
      throw Unpacking.failed("image layout " + layout, e);
    }
  }

  private static List<Descriptor> existing(Path layout) throws IOException {
    Path file = layout.resolve(ImageLoader.INDEX);
    if (!Files.exists(file)) {
      return List.of();
    }
    try (var files = new ImageFiles.OfDirectory(layout)) {
      return Index.parse(files.read(ImageLoader.INDEX)).manifests();
    }
  }

  /// Writes images as an archive, for `docker load` and for everything that reads OCI image layouts.
  ///
  /// @param out stays open
  public static void save(ContentStore store, List<Reference> images, OutputStream out) {
    try {
      var tar = new TarWriter(out);
      directory(tar, "blobs");
      directory(tar, "blobs/sha256");
      for (Digest digest : reachable(store, images)) {
        try (InputStream in = store.open(digest)) {
          file(tar, ImageFiles.blob(digest), in, Files.size(store.path(digest)));
        }
      }
      file(tar, ImageLoader.INDEX, index(List.of(), images).toBytes());
      file(tar, ImageLoader.DOCKER_MANIFEST, Json.writeBytes(dockerManifest(store, images)));
      file(tar, ImageLoader.LAYOUT, ImageLoader.layoutVersion());
      tar.end();
    } catch (IOException e) {
      throw Unpacking.failed("image archive", e);
    }
  }

  /// All content of some images that is here, what refers before what is referred to. An image for one platform of an index may be
  /// missing; a configuration or layer may not.
  private static Set<Digest> reachable(ContentStore store, List<Reference> images) {
    var all = new LinkedHashSet<Digest>();
    images.forEach(image -> addReachable(store, image.target(), image.name(), all));
    return all;
  }

  private static void addReachable(ContentStore store, Descriptor target, String image, Set<Digest> all) {
    require(store, target.digest(), image);
    for (Descriptor document : Documents.of(store, target).reversed()) {
      all.add(document.digest());
      if (store.document(document) instanceof Manifest manifest) {
        Stream.concat(Stream.of(manifest.config()), manifest.layers().stream())
            .forEach(
                part -> {
                  require(store, part.digest(), image);
                  all.add(part.digest());
                });
      }
    }
  }

  private static void require(ContentStore store, Digest digest, String image) {
    if (!store.contains(digest)) {
      throw new ImageException(
          ErrorKind.NOT_FOUND, image, "image " + Quoted.of(image) + " cannot be saved: blob " + digest + " is not in the store; pull it again", null);
    }
  }

  private static Index index(List<Descriptor> existing, List<Reference> images) {
    Map<String, Descriptor> byName = new LinkedHashMap<>();
    for (Descriptor descriptor : existing) {
      byName.put(descriptor.annotations().getOrDefault(ImageLoader.REF_NAME, descriptor.digest().toString()), descriptor);
    }
    for (Reference image : images) {
      Map<String, String> names =
          Image.isDangling(image.name()) ? Map.of() : Map.of(ImageLoader.REF_NAME, image.name(), ImageLoader.IMAGE_NAME, image.name());
      byName.put(image.name(), image.target().withAnnotations(names));
    }
    return Index.of(List.copyOf(byName.values()));
  }

  private static JsonArray dockerManifest(ContentStore store, List<Reference> images) {
    Map<Descriptor, List<JsonValue>> names = new LinkedHashMap<>();
    for (Reference image : images) {
      List<JsonValue> tags = names.computeIfAbsent(image.target(), _ -> new ArrayList<>());
      if (!Image.isDangling(image.name())) {
        tags.add(new JsonString(image.name()));
      }
    }
    var list = new ArrayList<JsonValue>();
    names.forEach(
        (target, tags) ->
            singleManifest(store, target)
                .ifPresent(
                    manifest ->
                        list.add(
                            JsonObject.EMPTY
                                .with("Config", ImageFiles.blob(manifest.config().digest()))
                                .with("RepoTags", new JsonArray(tags))
                                .with("Layers", new JsonArray(layerNames(manifest))))));
    return new JsonArray(list);
  }

  /// Docker's form knows no platforms: of an index it has the only image that is here, else the one for this machine.
  private static Optional<Manifest> singleManifest(ContentStore store, Descriptor target) {
    List<Descriptor> here = Documents.images(store, target);
    return (here.size() == 1 ? Optional.of(here.getFirst()) : Documents.find(store, target, Platform.host())).map(image -> (Manifest) store.document(image));
  }

  private static List<JsonValue> layerNames(Manifest manifest) {
    return List.copyOf(manifest.layers().stream().map(layer -> new JsonString(ImageFiles.blob(layer.digest()))).toList());
  }

  private static void directory(TarWriter tar, String name) throws IOException {
    tar.start(entry(name, TarEntry.Kind.DIRECTORY, 0755, 0));
  }

  private static void file(TarWriter tar, String name, byte[] content) throws IOException {
    file(tar, name, new ByteArrayInputStream(content), content.length);
  }

  private static void file(TarWriter tar, String name, InputStream in, long size) throws IOException {
    tar.start(entry(name, TarEntry.Kind.REGULAR, 0644, size));
    byte[] buffer = new byte[1 << 16];
    for (int count; (count = in.read(buffer)) >= 0; ) {
      tar.write(buffer, 0, count);
    }
  }

  private static TarEntry entry(String name, TarEntry.Kind kind, int mode, long size) throws IOException {
    return new TarEntry(
        TreePath.of(name.getBytes(StandardCharsets.UTF_8)), kind, mode, 0, 0, Instant.EPOCH, size, new byte[0], TarEntry.Device.NONE, Map.of(), List.of());
  }
}
