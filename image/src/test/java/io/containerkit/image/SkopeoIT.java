package io.containerkit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.image.ContentStore.Reference;
import io.containerkit.image.ImageArchive.Loaded;
import io.containerkit.spec.ContainerException;
import io.containerkit.spec.ErrorKind;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// skopeo reads every form of what is saved here, and each form that it writes is loaded.
class SkopeoIT extends Differential {

  private static final String NAME = "docker.io/library/test:1";

  private void copy(String from, String to, String... options) throws Exception {
    var command = new ArrayList<>(List.of("skopeo", "--insecure-policy", "copy", "--quiet"));
    command.addAll(List.of(options));
    command.addAll(List.of(from, to));
    run(command.toArray(String[]::new));
  }

  private void save(List<Reference> images) throws Exception {
    try (var out = Files.newOutputStream(temp.resolve("ours.tar"))) {
      ImageArchive.save(store, images, out);
    }
  }

  private List<Digest> diffIds(Descriptor image) {
    return store.config(store.manifest(image, PLATFORM)).diffIds();
  }

  @Test
  void skopeoReadsBothFormsOfWhatIsSavedAndItsOwnComeBack() throws Exception {
    Descriptor image = layers(12, true, Compression.GZIP);
    save(List.of(new Reference(NAME, image)));
    copy("docker-archive:ours.tar:" + NAME, "docker-archive:theirs.tar:docker.io/library/theirs:2");
    copy("oci-archive:ours.tar:" + NAME, "oci:theirs:3");
    copy("oci-archive:ours.tar:" + NAME, "oci-archive:theirs-oci.tar:docker.io/library/theirs:4");

    ImageConfig ours = store.config(store.manifest(image, PLATFORM));
    var loaded = new ArrayList<Loaded>();
    for (String archive : List.of("theirs.tar", "theirs-oci.tar")) {
      try (var in = Files.newInputStream(temp.resolve(archive))) {
        loaded.addAll(ImageArchive.load(lease, in));
      }
    }
    loaded.addAll(ImageArchive.load(lease, temp.resolve("theirs")));
    assertThat(loaded).extracting(l -> l.name().orElseThrow()).containsExactly("docker.io/library/theirs:2", "docker.io/library/theirs:4", "3");
    for (Loaded theirs : loaded) {
      assertThat(store.config(store.manifest(theirs.target(), PLATFORM)).diffIds()).isEqualTo(ours.diffIds());
    }
    assertThat(filesOf(loaded.getFirst().target(), "copy1")).isEqualTo(filesOf(image, "copy2"));
  }

  @Test
  void layersOfZstdAreReadAndWritten() throws Exception {
    Descriptor image = layers(16, true, Compression.ZSTD);
    save(List.of(new Reference(NAME, image)));
    copy("oci-archive:ours.tar:" + NAME, "oci:same:same");
    copy("oci-archive:ours.tar:" + NAME, "oci:gzip:gzip", "--dest-compress-format", "gzip");
    copy("oci:gzip:gzip", "oci:zstd:zstd", "--dest-compress-format", "zstd");
    Files.delete(temp.resolve("ours.tar"));

    for (String layout : List.of("same", "gzip", "zstd")) {
      Descriptor loaded = ImageArchive.load(lease, temp.resolve(layout)).getFirst().target();
      assertThat(diffIds(loaded)).isEqualTo(diffIds(image));
    }
    assertThat(run("sh", "-c", "grep -l 'tar+zstd' same/blobs/sha256/* | wc -l")).isEqualTo("1");
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void archivesMayBeCompressed(Compression compression) throws Exception {
    Descriptor image = layers(17, false, Compression.GZIP);
    save(List.of(new Reference(NAME, image)));
    copy("docker-archive:ours.tar:" + NAME, "docker-archive:theirs.tar:localhost/theirs:1");
    for (String archive : List.of("ours.tar", "theirs.tar")) {
      try (var in = Files.newInputStream(temp.resolve(archive));
          var out = compression.compress(Files.newOutputStream(temp.resolve(archive + ".packed")))) {
        in.transferTo(out);
      }
      assertThat(load(archive + ".packed")).singleElement().satisfies(loaded -> assertThat(diffIds(loaded.target())).isEqualTo(diffIds(image)));
    }
  }

  @Test
  void anArchiveHoldsSeveralImages() throws Exception {
    Descriptor one = layers(18, false, Compression.GZIP);
    Descriptor two = layers(19, false, Compression.NONE);
    var images = List.of(new Reference("localhost/one:1", one), new Reference("localhost/two:2", two), new Reference("localhost/again:1", one));
    save(images);
    for (Reference image : images) {
      String directory = image.name().replaceAll("[/:]", "-");
      copy("docker-archive:ours.tar:" + image.name(), "oci:" + directory + ":" + image.name());
      Loaded loaded = ImageArchive.load(lease, temp.resolve(directory)).getFirst();
      assertThat(loaded.name()).contains(image.name());
      assertThat(diffIds(loaded.target())).isEqualTo(diffIds(image.target()));
    }
    assertThat(load("ours.tar")).extracting(loaded -> loaded.name().orElseThrow()).containsExactlyInAnyOrder("localhost/one:1", "localhost/two:2", "localhost/again:1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"oci", "v2s2"})
  void aDirectoryOfSkopeoIsLoaded(String format) throws Exception {
    Descriptor image = layers(25, true, Compression.GZIP);
    save(List.of(new Reference(NAME, image)));
    copy("oci-archive:ours.tar:" + NAME, "dir:theirs", "--format", format);

    List<Loaded> loaded = ImageArchive.load(lease, temp.resolve("theirs"));
    assertThat(loaded).singleElement().satisfies(one -> assertThat(one.name()).isEmpty());
    assertSame(filesOf(loaded.getFirst().target(), "copy1"), filesOf(image, "copy2"));
    Files.write(temp.resolve("theirs/" + store.manifest(image, PLATFORM).layers().getFirst().digest().hex()), new byte[] {1});
    try (ContentStore other = ContentStore.open(temp.resolve("other"));
        Lease otherLease = other.lease()) {
      assertCorrupt(() -> ImageArchive.load(otherLease, temp.resolve("theirs")), "ends after 1 of its");
    }
  }

  @Test
  void theFormThatDockerHasWithdrawnIsRefused() throws Exception {
    save(List.of(new Reference(NAME, layers(26, false, Compression.GZIP))));
    copy("docker-archive:ours.tar:" + NAME, "dir:theirs", "--format", "v2s1");

    assertCorrupt(() -> ImageArchive.load(lease, temp.resolve("theirs")), "is 1, a form that Docker has withdrawn");
  }

  private static void assertCorrupt(ThrowingCallable code, String why) {
    assertThatThrownBy(code)
        .hasMessageContaining(why)
        .isInstanceOfSatisfying(ContainerException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CORRUPT));
  }
}
