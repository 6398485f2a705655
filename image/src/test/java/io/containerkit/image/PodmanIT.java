package io.containerkit.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.image.ContentStore.Reference;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// podman unpacks what is saved here as it is unpacked here, and what it commits and saves comes back: random trees, compared file by file.
class PodmanIT extends Differential {

  /// Runs a script in which `podman` has a storage of its own, and which may mount what it likes: that goes with it.
  private void script(String script) throws Exception {
    String podman = "podman() { command podman --root \"$PWD/podman\" --runroot \"$PWD/run\" --storage-driver overlay \"$@\"; }\n";
    run("unshare", "--mount", "sh", "-euc", podman + script);
  }

  /// podman unpacks what is older than 1970 as of 1970, unless it is a link.
  private static Map<TreePath, String> from1970On(Map<TreePath, String> files) {
    return withTimes(files, time -> time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time);
  }

  private void save(Descriptor image) throws Exception {
    try (var out = Files.newOutputStream(temp.resolve("ours.tar"))) {
      ImageArchive.save(store, List.of(new Reference("localhost/test:1", image)), out);
    }
  }

  @ParameterizedTest
  @CsvSource({"20, GZIP", "21, ZSTD", "22, NONE"})
  void podmanUnpacksAlikeWhatIsSavedHere(long seed, Compression compression) throws Exception {
    Descriptor image = layers(seed, true, compression);
    save(image);
    script(
        """
        podman load --quiet --input ours.tar
        cp -a "$(podman image mount localhost/test:1)" theirs
        """);

    assertSame(from1970On(filesIn(temp.resolve("theirs"))), from1970On(filesOf(image, "copy")));
  }

  @ParameterizedTest
  @CsvSource({"23, docker, docker-archive", "24, oci, oci-archive", "27, docker, docker-dir"})
  void whatPodmanCommitsAndSavesIsUnpackedAlike(long seed, String committed, String saved) throws Exception {
    save(layers(seed, true, Compression.GZIP));
    RandomTree.fill(directory("more"), seed + 100, true);
    script(
        """
        podman load --quiet --input ours.tar
        podman create --name changed localhost/test:1 /none
        root=$(podman mount changed)
        rm -r "$root"/added/f "$root"/opaque
        mkdir "$root"/opaque
        touch "$root"/opaque/again
        cp -a more "$root"/more
        podman commit --quiet --format %s changed localhost/changed:1
        podman save --quiet --format %s --output saved localhost/changed:1
        cp -a "$(podman image mount localhost/changed:1)" theirs
        """
            .formatted(committed, saved));
    boolean directory = saved.equals("docker-dir");
    List<ImageArchive.Loaded> loaded = directory ? ImageArchive.load(lease, temp.resolve("saved")) : load("saved");

    assertThat(loaded).extracting(l -> l.name().orElse("")).containsExactly(directory ? "" : "localhost/changed:1");
    assertSame(from1970On(filesOf(loaded.getFirst().target(), "copy")), from1970On(filesIn(temp.resolve("theirs"))));
  }
}
