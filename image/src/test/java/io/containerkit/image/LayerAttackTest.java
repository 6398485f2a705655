package io.containerkit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Layers that want to write where they must not, or to be taken for what they are not: each is refused with one line, and leaves
/// neither the store nor the files outside different from before.
@ParameterizedClass
@EnumSource(LayerForm.class)
class LayerAttackTest {

  private static final ImageFixture GOOD = new ImageFixture().layer(new Tar().directory("d").file("d/f", "good").file("d/.wh.gone", "").end());

  @TempDir Path temp;
  private final LayerForm form;
  private Path outside;
  private Path root;
  private ContentStore store;
  private Map<TreePath, String> outsideBefore;
  private Map<TreePath, String> storeBefore;

  LayerAttackTest(LayerForm form) {
    this.form = form;
  }

  @BeforeEach
  void open() throws Exception {
    outside = Files.createDirectory(temp.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "untouched");
    root = temp.resolve("store");
    store = ContentStore.open(root);
    try (Lease lease = store.lease()) {
      snapshots(UnpackLimits.DEFAULT).unpack(lease, GOOD.manifest(), GOOD.config(), GOOD);
      lease.put(MediaType.OCI_CONFIG, GOOD.config().toBytes());
      lease.tag("good", lease.put(MediaType.OCI_MANIFEST, GOOD.manifest().toBytes()));
    }
    outsideBefore = TreeListing.of(outside);
    storeBefore = contentOfStore();
  }

  @AfterEach
  void nothingHasChanged() throws Exception {
    try {
      store.collect();
      assertThat(TreeListing.of(outside)).isEqualTo(outsideBefore);
      assertThat(contentOfStore()).isEqualTo(storeBefore);
    } finally {
      store.close();
    }
  }

  private Snapshots snapshots(UnpackLimits limits) {
    return new Snapshots(store, limits, () -> form);
  }

  /// All files with their content. What comes and goes changes the times of directories, which are left out.
  private Map<TreePath, String> contentOfStore() {
    var files = TreeListing.of(root);
    files.replaceAll((_, line) -> line.startsWith("DIRECTORY") ? line.replaceFirst(" [0-9]{4}-[^ ]*Z", "") : line);
    return files;
  }

  private void refused(ImageFixture image, ErrorKind kind, String why) {
    try (Lease lease = store.lease()) {
      assertThatThrownBy(() -> snapshots(new UnpackLimits(100, 4 << 20, 400, 3, 6 << 20)).unpack(lease, image.manifest(), image.config(), image))
          .asInstanceOf(type(ImageException.class))
          .satisfies(
              e -> {
                assertThat(e).hasMessageStartingWith("layer " + image.blob(0).digest() + ": ").hasMessageContaining(why);
                assertThat(e.getMessage()).doesNotContain("\n");
                assertThat(e.kind()).isEqualTo(kind);
              });
      assertThat(store.stored("layers")).isEqualTo(GOOD.diffIds());
    }
  }

  private void refused(byte[] archive, String why) {
    refused(new ImageFixture().layer(archive), ErrorKind.CORRUPT, why);
  }

  static Stream<Arguments> archives() {
    return Stream.of(
        Arguments.of("climbing name", new Tar().file("../outside/evil", "x"), "climbs out"),
        Arguments.of("climbing directory", new Tar().directory("a/../../outside/evil"), "climbs out"),
        Arguments.of("climbing name in pax", new Tar().pax("path=../outside/evil").file("f", "x"), "climbs out"),
        Arguments.of("climbing name of GNU", new Tar().gnuLong('L', "../outside/evil").file("f", "x"), "climbs out"),
        Arguments.of("climbing whiteout", new Tar().file("../outside/.wh.secret", ""), "climbs out"),
        Arguments.of("climbing opaque directory", new Tar().file("../outside/.wh..wh..opq", ""), "climbs out"),
        Arguments.of("hard link that climbs", new Tar().hardLink("f", "../../outside/secret"), "climbs out"),
        Arguments.of("hard link to the host", new Tar().hardLink("f", "/etc/passwd"), "not in this layer"),
        Arguments.of("hard link through a link", new Tar().symbolicLink("l", "/etc").hardLink("f", "l/passwd"), "not in this layer"),
        Arguments.of("hard link to a directory", new Tar().directory("d").hardLink("f", "d"), "which is a directory"),
        Arguments.of("hard link to a whiteout", new Tar().file(".wh.w", "").hardLink("f", "w"), "not in this layer"),
        Arguments.of("hard link to the root", new Tar().hardLink("f", "."), "not in this layer"),
        Arguments.of("links in circles", new Tar().symbolicLink("a", "b").symbolicLink("b", "a").file("a/f", "x"), "ELOOP"),
        Arguments.of("a file as directory", new Tar().file("f", "x").file("f/g", "x"), "ENOTDIR"),
        Arguments.of("the root as a link", new Tar().symbolicLink("./", "/etc"), "ends with a slash"),
        Arguments.of("the root as a file", new Tar().file(".", "x"), "root is no directory"),
        Arguments.of("whiteout of nothing", new Tar().file(".wh.", ""), "whiteout of nothing"),
        Arguments.of("whiteout of the directory", new Tar().file("d/.wh..", ""), "whiteout of nothing"),
        Arguments.of("whiteout of the parent", new Tar().file("d/.wh...", ""), "whiteout of nothing"),
        Arguments.of("whiteout as directory", new Tar().file(".wh.d/f", ""), "name of a whiteout"),
        Arguments.of("whiteout by device", new Tar().header("dev", '3', h -> h), "overlay takes for a whiteout"),
        Arguments.of("opaque by attribute", new Tar().pax("SCHILY.xattr.trusted.overlay.opaque=y").directory("d"), "overlay is steered"),
        Arguments.of("redirect by attribute", new Tar().pax("SCHILY.xattr.trusted.overlay.redirect=/etc").directory("d"), "overlay is steered"),
        Arguments.of("metacopy by attribute", new Tar().pax("SCHILY.xattr.user.overlay.metacopy=").file("f", ""), "overlay is steered"),
        Arguments.of("more behind the end", new Tar().raw(new Tar().file("f", "").end()).file("hidden", ""), "follow the end"),
        Arguments.of("malformed pax", new Tar().paxText("30 path=short\n").file("f", ""), "pax header"),
        Arguments.of("size of pax beyond the archive", new Tar().pax("size=1000000").file("f", "x"), "in the middle of a file"),
        Arguments.of("huge extended header", new Tar().header("pax", 'x', h -> h.size(1 << 30)), "more than the"),
        Arguments.of("huge sparse file", new Tar().pax("GNU.sparse.size=999999999999999", "GNU.sparse.map=0,1").file("f", "x"), "more than the 4194304 allowed"),
        Arguments.of("deep", new Tar().pax("path=" + "d/".repeat(1000)).directory("d"), "deeper than 512 directories"),
        Arguments.of("deep by links", stacked(4), "deeper than 512 directories"),
        Arguments.of("component too long", new Tar().pax("path=" + "n".repeat(256)).file("f", ""), "ENAMETOOLONG"),
        Arguments.of("path too long", new Tar().pax("path=" + "n/".repeat(3000)).directory("f"), "ENAMETOOLONG"),
        Arguments.of("link to nothing", new Tar().symbolicLink("l", ""), "has no target"),
        Arguments.of("attribute with a long name", new Tar().pax("SCHILY.xattr.user." + "n".repeat(300) + "=x").file("f", ""), "ERANGE"),
        Arguments.of("malformed capability", new Tar().pax("SCHILY.xattr.security.capability=x").file("f", ""), "EINVAL"),
        Arguments.of("owner of all", new Tar().pax("uid=4294967295").file("f", ""), "has the owner or group 4294967295"),
        Arguments.of("no archive at all", new Tar().raw("<html>Not found</html>".repeat(100).getBytes(StandardCharsets.UTF_8)), "no tar archive"));
  }

  /// Directories that no single name says how deep they are.
  private static Tar stacked(int times) {
    var tar = new Tar();
    String base = "";
    for (int i = 0; i < times; i++) {
      tar.pax("path=" + base + "d/".repeat(200)).directory("d").pax("linkpath=" + base + "d/".repeat(200)).symbolicLink("l" + i, "d");
      base = "l" + i + "/";
    }
    return tar;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("archives")
  void archiveIsRefused(String name, Tar tar, String why) {
    refused(tar.end(), why);
  }

  @Test
  void aLinkOutOfTheTreeLeadsNowhereOutside() throws Exception {
    // Legal, and harmless: what the link leads to is looked for inside, as a process in the container would.
    var image = new ImageFixture().layer(new Tar().symbolicLink("l", outside.toString()).directory(outside.toString()).file("l/secret", "mine").symbolicLink("up", "../../../../../../../..").file("up/f", "x").end());
    try (Lease lease = store.lease()) {
      Path layer = snapshots(UnpackLimits.DEFAULT).unpack(lease, image.blob(0), image.diffIds().getFirst(), image);

      assertThat(layer.resolve(outside.toString().substring(1)).resolve("secret")).hasContent("mine");
      assertThat(layer.resolve("f")).hasContent("x");
    }
  }

  @Test
  void tooManyFilesAreRefused() {
    var tar = new Tar();
    for (int i = 0; i < 101; i++) {
      tar.file("f" + i, "");
    }
    refused(tar.end(), "more than the 100 files");
  }

  @Test
  void tooManyBytesAreRefused() {
    refused(new Tar().file("f", "x".repeat(3 << 20)).file("g", "x".repeat(2 << 20)).end(), "more than the 4194304 bytes");
  }

  @Test
  void tooManyBytesOfAllLayersTogetherAreRefused() {
    var image = new ImageFixture();
    for (String name : List.of("a", "b", "c")) {
      image.layer(new Tar().file(name, name.repeat(3 << 20)).end());
    }
    try (Lease lease = store.lease()) {
      assertThatThrownBy(() -> snapshots(new UnpackLimits(100, 4 << 20, 400, 3, 6 << 20)).unpack(lease, image.manifest(), image.config(), image))
          .isInstanceOf(ImageException.class)
          .hasMessageContaining("with the image's other layers unpacks to more than the 6291456 bytes allowed");
    }
    store.collect();
  }

  @Test
  void moreLayersThanCanBePutOnEachOtherAreRefused() throws Exception {
    var image = new ImageFixture();
    byte[] archive = new Tar().file("a", "a").end();
    for (int i = 0; i < 501; i++) {
      image.layer(archive, Compression.NONE);
    }
    try (Lease lease = store.lease()) {
      assertThatThrownBy(() -> snapshots(UnpackLimits.DEFAULT).unpack(lease, image.manifest(), image.config(), image))
          .isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED))
          .hasMessageContaining("it has 501 layers, more than the 500 that can be put on each other");
    }
    assertThat(store.stored("layers")).doesNotContain(image.diffIds().getFirst());
  }

  @Test
  void aBombIsRefused() throws Exception {
    var out = new ByteArrayOutputStream();
    try (OutputStream zstd = Compression.ZSTD.compress(out)) {
      // Zeros behind the end are legal, and cost the disk nothing.
      zstd.write(new Tar().file("f", "x").end());
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 1100; i++) {
        zstd.write(zeros);
      }
    }
    var image = new ImageFixture().layer(out.toByteArray(), Digest.sha256(new byte[0]));
    try (Lease lease = store.lease()) {
      assertThatThrownBy(() -> snapshots(UnpackLimits.DEFAULT).unpack(lease, image.blob(0), image.diffIds().getFirst(), image)).hasMessageContaining("like a bomb");
    }
  }

  @Test
  void anotherDiffIdIsRefused() {
    byte[] archive = new Tar().file("f", "x").end();
    refused(new ImageFixture().layer(archive, Digest.sha256(new byte[] {1})), ErrorKind.CORRUPT, "not the diff ID sha256:");
  }

  @Test
  void everyCutIsRefused() throws Exception {
    byte[] archive = new Tar().file("f", "x".repeat(5000)).file("g", "y").end();
    var out = new ByteArrayOutputStream();
    try (OutputStream gzip = Compression.GZIP.compress(out)) {
      gzip.write(archive);
    }
    byte[] blob = out.toByteArray();
    for (int length : new int[] {0, 1, 10, blob.length / 2, blob.length - 1}) {
      refused(new ImageFixture().layer(Arrays.copyOf(blob, length), Digest.sha256(archive)), ErrorKind.CORRUPT, "");
    }
    for (int length : new int[] {512, 1024, 5632, archive.length - 1024, archive.length - 1}) {
      refused(new ImageFixture().layer(Arrays.copyOf(archive, length), Digest.sha256(archive)), ErrorKind.CORRUPT, "");
    }
  }

  @Test
  void damageIsRefused() throws Exception {
    byte[] archive = new Tar().file("f", "x".repeat(5000)).end();
    for (int at = 0; at < archive.length; at += 97) {
      byte[] bad = archive.clone();
      bad[at] ^= 0x10;
      refused(new ImageFixture().layer(bad, Digest.sha256(archive)), ErrorKind.CORRUPT, "");
    }
  }
}
