package io.containerkit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.linux.Fd;
import io.containerkit.linux.FileAt;
import io.containerkit.linux.MountNamespace;
import io.containerkit.linux.Mounts;
import io.containerkit.linux.Overlay;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Layers in both of their forms: whichever a store holds, an image has the same files.
@ParameterizedClass
@EnumSource(LayerForm.class)
class UnpackTest {

  @TempDir Path temp;
  private final LayerForm form;
  private final AtomicInteger unpacked = new AtomicInteger();
  private ContentStore store;
  private Lease lease;
  private ContentStore overlayStore;
  private Lease overlayLease;
  private Snapshots snapshots;

  UnpackTest(LayerForm form) {
    this.form = form;
  }

  @BeforeEach
  void open() {
    store = ContentStore.open(temp.resolve("store"));
    lease = store.lease();
    overlayStore = ContentStore.open(temp.resolve("overlay-store"));
    overlayLease = overlayStore.lease();
    snapshots =
        new Snapshots(
            store,
            UnpackLimits.DEFAULT,
            () -> {
              unpacked.incrementAndGet();
              return form;
            });
  }

  @AfterEach
  void close() {
    overlayLease.close();
    overlayStore.close();
    lease.close();
    store.close();
  }

  private Path unpack(Tar tar) throws Exception {
    var image = new ImageFixture().layer(tar.end());
    return snapshots.unpack(lease, image.blob(0), image.diffIds().getFirst(), image);
  }

  private static String line(Path root, String path) throws Exception {
    return Objects.requireNonNull(TreeListing.of(root).get(TreePath.of(path.getBytes(StandardCharsets.ISO_8859_1))), path);
  }

  @Test
  void everyKindOfFileIsWritten() throws Exception {
    Path root =
        unpack(
            new Tar()
                .header("./", '5', h -> h.mode(0711).mtime(50))
                .header("d", '5', h -> h.mode(03775).owner(5, 6).mtime(100))
                .pax("mtime=1.123456789", "SCHILY.xattr.user.note=\u0001\u00ff", "SCHILY.xattr.security.capability=\u0001\0\0\u0002\0\u0004\0\0\0\0\0\0\0\0\0\0\0\0\0\0")
                .file("d/f", "hello", h -> h.mode(06755).owner(1000, 100000))
                .hardLink("d/g", "d/f")
                .header("d/l", '2', h -> h.link("/nowhere/../x").owner(7, 8).mtime(3))
                .header("d/c", '3', h -> h.device(5, 300).mode(0666))
                .header("d/b", '4', h -> h.device(8, 1).mode(0660))
                .header("d/p", '6', h -> h.mode(0622))
                .file("\u00ff\u00fe \n", "odd"));

    assertThat(line(root, "")).startsWith("DIRECTORY 0711 0:0 1970-01-01T00:00:50Z");
    assertThat(line(root, "d")).startsWith("DIRECTORY 3775 5:6 1970-01-01T00:01:40Z");
    assertThat(line(root, "d/f"))
        .startsWith("REGULAR 6755 1000:100000 1970-01-01T00:00:01.123456789Z 5 ")
        .contains(" security.capability=0100000200040000000000000000000000000000")
        .contains(" user.note=01ff");
    assertThat(line(root, "d/g")).isEqualTo(line(root, "d/f")).endsWith("user.note=01ff").contains("=\"d/f\"");
    assertThat(line(root, "d/l")).isEqualTo("SYMBOLIC_LINK 0777 7:8 1970-01-01T00:00:03Z 2f6e6f77686572652f2e2e2f78");
    assertThat(line(root, "d/c")).startsWith("CHARACTER_DEVICE 0666 0:0").endsWith("5,300");
    assertThat(line(root, "d/b")).startsWith("BLOCK_DEVICE 0660").endsWith("8,1");
    assertThat(line(root, "d/p")).startsWith("FIFO 0622");
    assertThat(line(root, "\u00ff\u00fe \n")).startsWith("REGULAR 0644");
  }

  @Test
  void whatComesLaterReplacesWhatCameEarlier() throws Exception {
    Path root =
        unpack(
            new Tar()
                .file("a", "file").directory("a").file("a/in", "x")
                .directory("b").file("b/in", "x").file("b", "file")
                .file("c", "one").file("c", "two!")
                .directory("d").file("d/in", "kept").header("d", '5', h -> h.mode(0700))
                .symbolicLink("e", "c").file("e", "e is no link"));

    assertThat(root.resolve("a/in")).isRegularFile();
    assertThat(root.resolve("b")).hasContent("file");
    assertThat(root.resolve("c")).hasContent("two!");
    assertThat(root.resolve("d/in")).hasContent("kept");
    assertThat(line(root, "d")).startsWith("DIRECTORY 0700");
    assertThat(root.resolve("e")).hasContent("e is no link");
  }

  @Test
  void linksOnTheWayLeadWhereTheyLeadInside() throws Exception {
    Path root = unpack(new Tar().directory("usr").directory("usr/lib").symbolicLink("lib", "/usr/lib").file("lib/f", "x").header("lib/d", '5', h -> h.mode(0750)));

    assertThat(root.resolve("usr/lib/f")).hasContent("x");
    assertThat(line(root, "usr/lib/d")).startsWith("DIRECTORY 0750");
  }

  @Test
  void hiddenFilesAreMarkedInTheFormOfTheLayer() throws Exception {
    Path root = unpack(new Tar().file(".wh.gone", "").directory("d").file("d/.wh..wh..opq", "").file("d/new", "").file(".wh..wh.plnk", "").directory("e").file(".wh.e", "").file(".wh.f", "").file("f", "new").file(".wh.\u00ff\n", ""));

    assertThat(root.resolve("f")).hasContent("new");
    List<String> names = TreeListing.of(root).keySet().stream().map(TreePath::toString).toList();
    switch (form) {
      case OVERLAY -> {
        assertThat(line(root, "gone")).startsWith("CHARACTER_DEVICE 0000").endsWith("0,0");
        assertThat(line(root, "\u00ff\n")).startsWith("CHARACTER_DEVICE 0000").endsWith("0,0");
        assertThat(line(root, "d")).contains("trusted.overlay.opaque=79");
        assertThat(line(root, "e")).contains("trusted.overlay.opaque=79");
        assertThat(names).hasSize(7);
      }
      case MARKERS -> {
        assertThat(line(root, ".wh.gone")).startsWith("REGULAR 0000").contains(" 0 e3b0c44298fc1c14");
        assertThat(line(root, ".wh.\u00ff\n")).startsWith("REGULAR 0000");
        assertThat(line(root, "d/.wh..wh..opq")).startsWith("REGULAR 0000");
        assertThat(line(root, "d") + line(root, "e")).doesNotContain("trusted");
        assertThat(names).contains("\".wh.e\"", "\".wh.f\"").hasSize(10);
      }
    }
  }

  @Test
  void sparseFilesKeepTheirHoles() throws Exception {
    Path root = unpack(new Tar().pax("GNU.sparse.size=100000000", "GNU.sparse.map=50000000,4").header("s", '0', h -> h.size(4)).data("data".getBytes(StandardCharsets.UTF_8)));

    try (var files = new FileAt();
        Fd directory = FileAt.openDirectory(root)) {
      var stat = files.stat(directory, "s".getBytes(StandardCharsets.UTF_8)).orElseThrow();
      assertThat(stat.size()).isEqualTo(100_000_000);
      assertThat(stat.blocks()).isLessThan(100);
    }
  }

  private static final ImageFixture THREE_LAYERS =
      new ImageFixture()
          .layer(
              new Tar().header("etc", '5', h -> h.mode(0750).owner(3, 4).mtime(77)).file("etc/keep", "1").file("etc/gone", "1").header("etc/deep", '5', h -> h.mode(0701).mtime(78))
                  .directory("opaque").file("opaque/old", "1").directory("dir").file("dir/x", "1").file("file", "1")
                  .header("linked", '0', h -> h.size(4)).data("link".getBytes(StandardCharsets.UTF_8)).hardLink("linked2", "linked").end())
          .layer(
              new Tar().file("etc/.wh.gone", "").file("etc/deep/er/new", "2").directory("opaque").file("opaque/.wh..wh..opq", "").file("opaque/new", "2").file("dir", "now a file").end(), Compression.ZSTD)
          .layer(new Tar().file(".wh.file", "").directory("file2").file("file2/f", "3").end(), Compression.NONE);

  /// Unpacks in overlay's form, whatever the form of the test is.
  private List<Path> lower(ImageFixture image) throws Exception {
    var overlay = new Snapshots(overlayStore, UnpackLimits.DEFAULT, () -> LayerForm.OVERLAY);
    overlay.unpack(overlayLease, image.manifest(), image.config(), image);
    return overlay.lower(overlayLease, image.diffIds());
  }

  @Test
  void layersUnderOverlayAndCopiedAreTheSame() throws Exception {
    List<Path> lower = lower(THREE_LAYERS);
    snapshots.unpack(lease, THREE_LAYERS.manifest(), THREE_LAYERS.config(), THREE_LAYERS);
    Path copy = Files.createDirectory(temp.resolve("copy"));
    snapshots.copy(THREE_LAYERS.diffIds(), copy);

    Map<TreePath, String> mounted;
    Path target = Files.createDirectory(temp.resolve("mnt"));
    try (var namespace = MountNamespace.copyOfHost()) {
      mounted =
          namespace.call(
              () -> {
                Mounts.overlay(Overlay.readOnly(lower), target);
                return TreeListing.of(target);
              });
    }
    var copied = TreeListing.of(copy);
    assertThat(copied).isEqualTo(mounted);
    assertThat(copied.keySet()).extracting(TreePath::toString)
        .containsExactly("\".\"", "\"dir\"", "\"etc\"", "\"etc/deep\"", "\"etc/deep/er\"", "\"etc/deep/er/new\"", "\"etc/keep\"", "\"file2\"", "\"file2/f\"", "\"linked\"", "\"linked2\"", "\"opaque\"", "\"opaque/new\"");
    assertThat(line(copy, "etc")).as("a directory that an upper layer only implies").startsWith("DIRECTORY 0750 3:4 1970-01-01T00:01:17Z");
    assertThat(line(copy, "etc/deep")).startsWith("DIRECTORY 0701");
    assertThat(line(copy, "linked2")).isEqualTo(line(copy, "linked")).contains("=\"linked\"");
  }

  @Test
  void oneHundredAndTwentySevenLayersMount() throws Exception {
    var image = new ImageFixture();
    for (int i = 0; i < 127; i++) {
      image.layer(new Tar().file("f" + i, "x").file("top", "layer " + i).end(), Compression.NONE);
    }
    List<Path> lower = lower(image);

    Path target = Files.createDirectory(temp.resolve("mnt"));
    try (var namespace = MountNamespace.copyOfHost()) {
      String top =
          namespace.call(
              () -> {
                Mounts.overlay(Overlay.readOnly(lower), target);
                return Files.readString(target.resolve("top")) + ", " + Objects.requireNonNull(target.toFile().list()).length;
              });
      assertThat(top).isEqualTo("layer 126, 128");
    }
  }

  @Test
  void manyWhoAskGetOneDownloadAndOneUnpack() throws Exception {
    var asked = new AtomicInteger();
    BlobSource counting =
        (blob, from) -> {
          asked.incrementAndGet();
          return THREE_LAYERS.open(blob, from);
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<?>>();
      for (int i = 0; i < 20; i++) {
        all.add(
            threads.submit(
                () -> {
                  snapshots.unpack(lease, THREE_LAYERS.manifest(), THREE_LAYERS.config(), counting);
                  return null;
                }));
      }
      for (var one : all) {
        one.get();
      }
    }
    assertThat(asked).hasValue(3);
    assertThat(unpacked).hasValue(3);
  }

  @Test
  void threeLayersAreUnpackedAtATime() throws Exception {
    // Each comes only when the other two have been asked for.
    var together = new CyclicBarrier(3);
    BlobSource waiting =
        (blob, from) -> {
          try {
            together.await(10, TimeUnit.SECONDS);
          } catch (BrokenBarrierException | TimeoutException e) {
            throw new IOException("layers are asked for one after the other", e);
          }
          return THREE_LAYERS.open(blob, from);
        };
    snapshots.unpack(lease, THREE_LAYERS.manifest(), THREE_LAYERS.config(), waiting);

    assertThat(unpacked).hasValue(3);
  }

  @Test
  void onlyLayersInTheFormOfOverlayAreMounted() throws Exception {
    snapshots.unpack(lease, THREE_LAYERS.manifest(), THREE_LAYERS.config(), THREE_LAYERS);
    switch (form) {
      case OVERLAY -> assertThat(snapshots.lower(lease, THREE_LAYERS.diffIds())).hasSizeGreaterThanOrEqualTo(3);
      case MARKERS ->
          assertThatThrownBy(() -> snapshots.lower(lease, THREE_LAYERS.diffIds()))
              .hasMessage("store " + store.root() + ": its file system cannot hold layers of overlay; copy the image instead")
              .isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED));
    }
  }

  @Test
  void theFormIsFoundByTrying() throws Exception {
    assertThat(new LayerDirectories(store).form()).isEqualTo(LayerForm.OVERLAY);
    Path target = Files.createDirectory(temp.resolve("ramfs"));
    try (var namespace = MountNamespace.copyOfHost();
        Fd ramfs =
            namespace.call(
                () -> {
                  Mounts.filesystem("ramfs", target, List.of("mode=0700"));
                  return Fd.openPath(target);
                });
        var bare = ContentStore.open(ramfs.path().resolve("store"))) {
      assertThat(new LayerDirectories(bare).form()).as("where there are no attributes").isEqualTo(LayerForm.MARKERS);
    }
  }
}
