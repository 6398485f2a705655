package io.containerkit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.image.ContentStore.Reference;
import io.containerkit.linux.Fd;
import io.containerkit.linux.FileAt;
import io.containerkit.linux.MountNamespace;
import io.containerkit.linux.Mounts;
import io.containerkit.linux.Overlay;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PackTest {

  private static final Platform PLATFORM = Platform.of("linux/amd64");

  @TempDir Path temp;
  private ContentStore store;
  private Lease lease;
  private Snapshots snapshots;

  @BeforeEach
  void open() {
    store = ContentStore.open(temp.resolve("store"));
    lease = store.lease();
    snapshots = new Snapshots(store);
  }

  @AfterEach
  void close() {
    lease.close();
    store.close();
  }

  private Path directory(String name) throws Exception {
    return Files.createDirectory(temp.resolve(name));
  }

  private static BlobSource nowhere() {
    return (blob, _) -> {
      throw new AssertionError("everything is in the store, but not " + blob);
    };
  }

  /// The files of an image of the store, copied out.
  private Map<TreePath, String> filesOf(Descriptor image, String copy) throws Exception {
    Manifest manifest = store.manifest(image, PLATFORM);
    ImageConfig config = store.config(manifest);
    snapshots.unpack(lease, manifest, config, nowhere());
    snapshots.copy(config.diffIds(), directory(copy));
    var files = TreeListing.of(temp.resolve(copy));
    files.remove(TreePath.ROOT);
    return files;
  }

  private static Map<TreePath, String> withoutRoot(Path directory) {
    var files = TreeListing.of(directory);
    files.remove(TreePath.ROOT);
    return files;
  }

  @ParameterizedTest
  @EnumSource
  void everythingThatIsPackedComesOutAgain(Compression compression) throws Exception {
    for (long seed = 1; seed <= 3; seed++) {
      Path tree = directory("tree" + seed);
      RandomTree.fill(tree, seed, true);
      Descriptor image = ImageBuilder.scratch(lease, PLATFORM).compression(compression).layer(LayerSource.of(tree), "COPY").build();

      assertThat(filesOf(image, "copy" + seed)).as("seed %d", seed).isEqualTo(withoutRoot(tree));
    }
  }

  @Test
  void filesOfTwoFileSystemsWithTheSameInodeAreNotOneFile() throws Exception {
    Path tree = directory("tree");
    Path one = Files.createDirectory(tree.resolve("one"));
    Path two = Files.createDirectory(tree.resolve("two"));
    try (var namespace = MountNamespace.copyOfHost();
        Fd mounted =
            namespace.call(
                () -> {
                  for (Path place : List.of(one, two)) {
                    Mounts.tmpfs(place, List.of("mode=0755"));
                    Files.writeString(place.resolve("first"), place.getFileName().toString());
                    Files.createLink(place.resolve("second"), place.resolve("first"));
                  }
                  assertThat(Files.getAttribute(two.resolve("first"), "unix:ino")).isEqualTo(Files.getAttribute(one.resolve("first"), "unix:ino"));
                  return Fd.openPath(tree);
                })) {
      Descriptor image = ImageBuilder.scratch(lease, PLATFORM).layer(LayerSource.of(mounted.path()), "COPY").build();

      filesOf(image, "copy");
      assertThat(temp.resolve("copy/one/second")).hasContent("one");
      assertThat(temp.resolve("copy/two/first")).hasContent("two");
      assertThat(temp.resolve("copy/two/second")).hasContent("two");
    }
  }

  @Test
  void noLayerIsAddedThatCouldNotBePutOnTheOthers() throws Exception {
    byte[] archive = new Tar().file("a", "a").end();
    Digest diffId = Digest.sha256(archive);
    Descriptor layer = lease.put(MediaType.OCI_LAYER, archive);
    Descriptor config = lease.put(MediaType.OCI_CONFIG, ImageConfig.of(PLATFORM, ImageConfig.Defaults.NONE, Collections.nCopies(500, diffId)).toBytes());
    Descriptor base = lease.put(MediaType.OCI_MANIFEST, Manifest.of(config, Collections.nCopies(500, layer)).toBytes());
    ImageBuilder full = ImageBuilder.from(lease, base, PLATFORM);
    assertThatThrownBy(() -> full.archive(new ByteArrayInputStream(archive), "one more"))
        .isInstanceOf(ImageException.class)
        .hasMessage("new image: it has 501 layers, more than the 500 that can be put on each other; make fewer of them");
  }

  @Test
  void theSameFilesGiveTheSameImage() throws Exception {
    RandomTree.fill(directory("one"), 7, true);
    RandomTree.fill(directory("two"), 7, true);
    Descriptor one = ImageBuilder.scratch(lease, PLATFORM).layer(LayerSource.of(temp.resolve("one")), "COPY").build();
    Descriptor two = ImageBuilder.scratch(lease, PLATFORM).layer(LayerSource.of(temp.resolve("two")), "COPY").build();

    assertThat(two).isEqualTo(one);
  }

  @Test
  void whatAContainerChangedBecomesALayer() throws Exception {
    RandomTree.fill(directory("base"), 5, true);
    Files.createDirectories(temp.resolve("base/dir/sub"));
    Files.writeString(temp.resolve("base/dir/sub/f"), "x");
    Files.writeString(temp.resolve("base/gone"), "x");
    Descriptor base = ImageBuilder.scratch(lease, PLATFORM).layer(LayerSource.of(temp.resolve("base")), "COPY").build();
    ImageConfig config = store.config(store.manifest(base, PLATFORM));
    snapshots.unpack(lease, store.manifest(base, PLATFORM), config, nowhere());
    List<Path> lower = snapshots.lower(lease, config.diffIds());
    Path upper = directory("upper");
    Path work = directory("work");
    Path target = directory("mnt");

    Map<TreePath, String> changed;
    try (var namespace = MountNamespace.copyOfHost()) {
      changed =
          namespace.call(
              () -> {
                Mounts.overlay(Overlay.of(lower, upper, work).withOptions("redirect_dir=off", "metacopy=off"), target);
                Files.delete(target.resolve("gone"));
                Files.writeString(target.resolve("new"), "new");
                Files.delete(target.resolve("dir/sub/f"));
                Files.delete(target.resolve("dir/sub"));
                Files.createDirectory(target.resolve("dir/sub"));
                Files.writeString(target.resolve("dir/sub/g"), "replaced");
                return withoutRoot(target);
              });
    }
    Descriptor image = ImageBuilder.from(lease, base, PLATFORM).layer(LayerSource.ofUpper(upper), "commit").build();

    assertThat(filesOf(image, "copy")).isEqualTo(changed);
    assertThat(store.manifest(image, PLATFORM).layers()).hasSize(2).startsWith(store.manifest(base, PLATFORM).layers().getFirst());
    assertThat(store.config(store.manifest(image, PLATFORM)).history()).hasSize(2);
  }

  @Test
  void anUpperDirectoryThatIsOnlyAPartIsRefused() throws Exception {
    Path upper = directory("upper");
    try (var files = new FileAt();
        Fd root = FileAt.openDirectory(upper)) {
      files.mkdir(root, new byte[] {'d'}, 0755);
      files.setXattr(root, new byte[] {'d'}, "trusted.overlay.redirect", new byte[] {'e'});
    }
    var builder = ImageBuilder.scratch(lease, PLATFORM);

    assertThatThrownBy(() -> builder.layer(LayerSource.ofUpper(upper), "commit")).hasMessageContaining("only in part").hasMessageContaining("redirect_dir=off");
  }

  @Test
  void filesCanGoElsewhereBelongToOthersAndBeOlder() throws Exception {
    Path tree = directory("tree");
    Files.writeString(tree.resolve("app.jar"), "x");
    Instant then = Instant.parse("2020-01-01T00:00:00Z");
    Descriptor image =
        ImageBuilder.scratch(lease, PLATFORM)
            .created(then)
            .author("me")
            .layer(LayerSource.of(tree).at("/opt/app").ownedBy(1000, 1001).notNewerThan(then), "COPY app")
            .defaults(d -> new ImageConfig.Defaults("1000", List.of(), List.of("A=b"), List.of("/bin/app"), List.of(), List.of(), "/opt", Map.of(), "SIGTERM", d.extra()))
            .build();

    assertThat(filesOf(image, "copy").values())
        .satisfiesExactly(
            opt -> assertThat(opt).isEqualTo("DIRECTORY 0755 1000:1001 2020-01-01T00:00:00Z"),
            app -> assertThat(app).isEqualTo("DIRECTORY 0755 1000:1001 2020-01-01T00:00:00Z"),
            jar -> assertThat(jar).startsWith("REGULAR 0644 1000:1001 2020-01-01T00:00:00Z 1 "));
    ImageConfig config = store.config(store.manifest(image, PLATFORM));
    assertThat(config.defaults().entrypoint()).containsExactly("/bin/app");
    assertThat(config.created()).isEqualTo("2020-01-01T00:00:00Z");
    assertThat(config.author()).isEqualTo("me");
  }

  @Test
  void anArchiveIsImported() throws Exception {
    byte[] archive = new Tar().file("f", "content").end();
    var zstd = new ByteArrayOutputStream();
    try (var out = Compression.ZSTD.compress(zstd)) {
      out.write(archive);
    }
    Descriptor image = ImageBuilder.scratch(lease, PLATFORM).archive(new ByteArrayInputStream(zstd.toByteArray()), "import").build();

    assertThat(store.config(store.manifest(image, PLATFORM)).diffIds()).containsExactly(Digest.sha256(archive));
    assertThat(filesOf(image, "copy")).hasSize(1);
    for (byte[] bad : List.of(new Tar().file("f", "content").cut(), new Tar().file("../f", "").end(), new byte[100], new byte[0])) {
      var builder = ImageBuilder.scratch(lease, PLATFORM);
      assertThatThrownBy(() -> builder.archive(new ByteArrayInputStream(bad), "import"))
          .isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CORRUPT));
    }
    assertThatThrownBy(() -> ImageBuilder.scratch(lease, PLATFORM).build()).hasMessageContaining("at least one layer");
  }

  private Descriptor image(String content) throws Exception {
    return ImageBuilder.scratch(lease, PLATFORM).archive(new ByteArrayInputStream(new Tar().file("f", content).end()), "import").build();
  }

  @Test
  void severalImagesAreSavedAndLoaded() throws Exception {
    Descriptor one = image("1");
    Descriptor two = image("2");
    var images = List.of(new Reference("docker.io/library/one:latest", one), new Reference("docker.io/library/one:also", one), new Reference("host:5000/two:1", two));
    var archive = new ByteArrayOutputStream();
    ImageArchive.save(store, images, archive);
    Path layout = temp.resolve("layout");
    ImageArchive.save(store, images.subList(0, 2), layout);
    ImageArchive.save(store, images.subList(2, 3), layout);

    for (boolean asArchive : new boolean[] {true, false}) {
      try (ContentStore other = ContentStore.open(temp.resolve("other" + asArchive));
          Lease otherLease = other.lease()) {
        var loaded = asArchive ? ImageArchive.load(otherLease, new ByteArrayInputStream(archive.toByteArray())) : ImageArchive.load(otherLease, layout);

        assertThat(loaded).extracting(ImageArchive.Loaded::name).containsExactly(Optional.of("docker.io/library/one:latest"), Optional.of("docker.io/library/one:also"), Optional.of("host:5000/two:1"));
        assertThat(other.references()).extracting(Reference::name).hasSize(3);
        assertThat(other.resolve("host:5000/two:1").orElseThrow().digest()).isEqualTo(two.digest());
        assertThat(other.check(false)).isEmpty();
        other.collect();
        assertThat(other.stored("blobs")).hasSize(6);
      }
    }
  }

  @Test
  void anArchiveOfDockerIsLoaded() throws Exception {
    byte[] layer = new Tar().file("f", "1").end();
    byte[] config = ImageConfig.of(PLATFORM, ImageConfig.Defaults.NONE, List.of(Digest.sha256(layer), Digest.sha256(layer))).toBytes();
    String text = new String(config, StandardCharsets.ISO_8859_1);
    byte[] archive =
        new Tar()
            .file("abc/layer.tar", new String(layer, StandardCharsets.ISO_8859_1))
            .symbolicLink("def/layer.tar", "../abc/layer.tar")
            .file("config.json", text)
            .file("manifest.json", "[{\"Config\":\"config.json\",\"RepoTags\":[\"one:1\"],\"Layers\":[\"abc/layer.tar\",\"def/layer.tar\"]}]")
            .end();
    var loaded = ImageArchive.load(lease, new ByteArrayInputStream(archive));

    assertThat(loaded).extracting(ImageArchive.Loaded::name).containsExactly(Optional.of("docker.io/library/one:1"));
    assertThat(filesOf(loaded.getFirst().target(), "copy")).hasSize(1);
  }

  @Test
  void hostileArchivesAreRefusedAndChangeNothing() throws Exception {
    Descriptor image = image("1");
    lease.tag("docker.io/library/victim:latest", image);
    String manifest = "[{\"Config\":\"c\",\"RepoTags\":[\"victim\"],\"Layers\":[\"l\"]}]";
    String config = new String(ImageConfig.of(PLATFORM, ImageConfig.Defaults.NONE, List.of(Digest.sha256(CONTENT))).toBytes(), StandardCharsets.ISO_8859_1);
    var hostile =
        Map.of(
            "neither an OCI image layout", new Tar().file("f", "x"),
            "climbs out", new Tar().file("../../etc/x", "x"),
            "no file \"l\"", new Tar().file("manifest.json", manifest).file("c", config),
            "not the diff ID", new Tar().file("manifest.json", manifest).file("c", config).file("l", "other"),
            "layers, \"c\" has 1", new Tar().file("manifest.json", manifest.replace("[\"l\"]", "[]")).file("c", config),
            "no file \"/etc/passwd\"", new Tar().file("manifest.json", manifest.replace("\"c\"", "\"/etc/passwd\"")),
            "no file \"../../../../etc/passwd\"", new Tar().file("manifest.json", manifest.replace("\"c\"", "\"../../../../etc/passwd\"")),
            "no file \"blobs/sha256/" + "0".repeat(64), new Tar().file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}").file("index.json", "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"" + MediaType.OCI_MANIFEST + "\",\"digest\":\"sha256:" + "0".repeat(64) + "\",\"size\":1}]}"),
            "of version \"2.0\"", new Tar().file("oci-layout", "{\"imageLayoutVersion\":\"2.0\"}"),
            "sparse", new Tar().pax("GNU.sparse.size=10", "GNU.sparse.map=0,1").file("f", "x"));
    hostile.forEach(
        (why, tar) -> assertThatThrownBy(() -> ImageArchive.load(lease, new ByteArrayInputStream(tar.end()))).as(why).isInstanceOf(ImageException.class).hasMessageContaining(why));
    assertThat(store.resolve("docker.io/library/victim:latest")).contains(image);
    try (var left = Files.list(store.root().resolve("incoming"))) {
      assertThat(left).isEmpty();
    }
  }

  private static final byte[] CONTENT = {1, 2, 3};
}
