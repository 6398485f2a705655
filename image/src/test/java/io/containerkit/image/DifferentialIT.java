package io.containerkit.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.image.ContentStore.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What GNU tar and umoci write is read alike, and they read what is written here: random trees, compared file by file.
class DifferentialIT extends Differential {

  private Descriptor imported(Path archive) throws Exception {
    try (var in = Files.newInputStream(archive)) {
      return ImageBuilder.scratch(lease, PLATFORM).archive(in, "import").build();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatGnuTarPacksIsUnpackedAlike(long seed) throws Exception {
    RandomTree.fill(directory("tree"), seed, true);
    run("tar", "--format=pax", "--xattrs", "--xattrs-include=*", "--numeric-owner", "-C", "tree", "-cf", "pax.tar", ".");

    assertThat(filesOf(imported(temp.resolve("pax.tar")), "copy")).isEqualTo(filesIn(temp.resolve("tree")));
  }

  @Test
  void gnuTarsOwnFormatLosesOnlyWhatItCannotHold() throws Exception {
    RandomTree.fill(directory("tree"), 4, true);
    run("tar", "--format=gnu", "--numeric-owner", "-C", "tree", "-cf", "gnu.tar", ".");

    assertThat(withoutXattrsAndNanos(filesOf(imported(temp.resolve("gnu.tar")), "copy"))).isEqualTo(withoutXattrsAndNanos(filesIn(temp.resolve("tree"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--format=gnu --sparse", "--format=pax --sparse --sparse-version=0.0", "--format=pax --sparse --sparse-version=0.1", "--format=pax --sparse --sparse-version=1.0"})
  void everyFormOfSparseFilesIsRead(String options) throws Exception {
    Path tree = directory("tree");
    try (var file = new java.io.RandomAccessFile(tree.resolve("sparse").toFile(), "rw")) {
      for (int i = 1; i < 60; i++) {
        file.seek(i * 100_000L);
        file.write(("piece " + i).getBytes(StandardCharsets.UTF_8));
      }
      file.setLength(7_000_000);
    }
    try (var file = new java.io.RandomAccessFile(tree.resolve("holes only").toFile(), "rw")) {
      file.setLength(1_000_000);
    }
    Files.writeString(tree.resolve("after"), "after");
    var command = new ArrayList<>(List.of("tar", "-C", "tree", "-cf", "sparse.tar"));
    command.addAll(List.of(options.split(" ")));
    command.add(".");
    run(command.toArray(String[]::new));

    assertThat(Files.size(temp.resolve("sparse.tar"))).isLessThan(600_000);
    var expected = withoutXattrsAndNanos(filesIn(tree));
    assertThat(withoutXattrsAndNanos(filesOf(imported(temp.resolve("sparse.tar")), "copy"))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 6, 7})
  void gnuTarUnpacksAlikeWhatIsPackedHere(long seed) throws Exception {
    RandomTree.fill(directory("tree"), seed, true);
    try (var out = Files.newOutputStream(temp.resolve("ours.tar"))) {
      LayerWriter.write(LayerSource.of(temp.resolve("tree")), out);
    }
    directory("theirs");
    run("tar", "--xattrs", "--xattrs-include=*", "--numeric-owner", "-C", "theirs", "-xpf", "ours.tar");

    assertThat(filesIn(temp.resolve("theirs"))).isEqualTo(filesIn(temp.resolve("tree")));
  }

  @ParameterizedTest
  @CsvSource({"8, GZIP", "9, NONE", "13, GZIP"})
  void umociUnpacksAlikeWhatIsSavedHere(long seed, Compression compression) throws Exception {
    Descriptor image = layers(seed, true, compression);
    ImageArchive.save(store, List.of(new Reference("test", image)), temp.resolve("layout"));
    run("umoci", "unpack", "--image", "layout:test", "bundle");

    assertSame(filesIn(temp.resolve("bundle/rootfs")), filesOf(image, "copy"));
  }

  @ParameterizedTest
  @ValueSource(longs = {10, 14, 15})
  void whatUmociPacksIsUnpackedAlike(long seed) throws Exception {
    Descriptor image = layers(seed, true, Compression.GZIP);
    ImageArchive.save(store, List.of(new Reference("test", image)), temp.resolve("layout"));
    run("umoci", "unpack", "--image", "layout:test", "bundle");
    run("rm", "-rf", "bundle/rootfs/added", "bundle/rootfs/opaque/only");
    Path more = temp.resolve("bundle/rootfs/more");
    Files.createDirectory(more);
    RandomTree.fill(more, seed + 100, true);
    run("umoci", "repack", "--image", "layout:changed", "bundle");
    var loaded = ImageArchive.load(lease, temp.resolve("layout"));

    Descriptor changed = loaded.stream().filter(l -> l.name().orElse("").equals("changed")).findFirst().orElseThrow().target();
    assertThat(store.manifest(changed, PLATFORM).layers()).hasSize(4);
    // What umoci packs has times in seconds; what it had unpacked before keeps those of our layers.
    assertSame(withTimes(filesOf(changed, "copy"), DifferentialIT::rounded), withTimes(filesIn(temp.resolve("bundle/rootfs")), DifferentialIT::rounded));
  }

  private static Instant rounded(Instant time) {
    return time.plusMillis(500).truncatedTo(ChronoUnit.SECONDS);
  }
}
