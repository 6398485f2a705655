package io.containerkit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Directories to load images from that want files of this machine in an image, or the loader to go on for ever.
class HostileLayoutTest {

  private static final byte[] LAYER = new Tar().file("f", "a file of the host").end();
  private static final byte[] CONFIG =
      ImageConfig.of(Platform.of("linux/amd64"), ImageConfig.Defaults.NONE, List.of(Digest.sha256(LAYER))).toBytes();

  @TempDir Path temp;
  private Path layout;
  private Path outside;
  private ContentStore store;

  @BeforeEach
  void open() throws IOException {
    layout = Files.createDirectory(temp.resolve("layout"));
    outside = Files.createDirectory(temp.resolve("outside"));
    Files.write(outside.resolve("layer.tar"), LAYER);
    Files.write(layout.resolve("config.json"), CONFIG);
    store = ContentStore.open(temp.resolve("store"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void docker(String layer) throws IOException {
    Files.writeString(layout.resolve("manifest.json"), "[{\"Config\":\"config.json\",\"RepoTags\":[\"victim\"],\"Layers\":[\"" + layer + "\"]}]");
  }

  private void refused(String why) throws Exception {
    try (Lease lease = store.lease()) {
      assertThatThrownBy(() -> ImageArchive.load(lease, layout))
          .hasMessageContaining(why)
          .asInstanceOf(type(ImageException.class))
          .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.CORRUPT));
      assertThat(store.contains(Digest.sha256(LAYER))).isFalse();
      assertThat(store.references()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ABSOLUTE", "../outside/layer.tar", "a/../../outside/layer.tar", "link", "up/layer.tar", "absolute/layer.tar", "a\\u0000b", "", ".", "fifo"})
  @Timeout(20)
  void aNameThatLeadsOutOfTheDirectoryIsNoFileOfIt(String name) throws Exception {
    Files.createDirectory(layout.resolve("a"));
    Files.createSymbolicLink(layout.resolve("link"), outside.resolve("layer.tar"));
    Files.createSymbolicLink(layout.resolve("up"), Path.of("../outside"));
    Files.createSymbolicLink(layout.resolve("absolute"), outside);
    assertThat(new ProcessBuilder("mkfifo", layout.resolve("fifo").toString()).start().waitFor()).isZero();
    docker(name.equals("ABSOLUTE") ? outside.resolve("layer.tar").toString() : name);
    refused("there is no file");
  }

  @Test
  void aConfigurationOfTheHostIsNotRead() throws Exception {
    Files.writeString(layout.resolve("manifest.json"), "[{\"Config\":\"/etc/passwd\",\"RepoTags\":[\"victim\"],\"Layers\":[]}]");
    refused("there is no file \"/etc/passwd\"");
  }

  @Test
  void blobsBehindALinkOutOfTheLayoutAreNotRead() throws Exception {
    Descriptor layer = Descriptor.of(MediaType.OCI_LAYER, LAYER);
    Path blobs = Files.createDirectories(outside.resolve("sha256"));
    Descriptor manifest = Descriptor.of(MediaType.OCI_MANIFEST, Manifest.of(Descriptor.of(MediaType.OCI_CONFIG, CONFIG), List.of(layer)).toBytes());
    Files.write(blobs.resolve(layer.digest().hex()), LAYER);
    Files.write(blobs.resolve(manifest.digest().hex()), Manifest.of(Descriptor.of(MediaType.OCI_CONFIG, CONFIG), List.of(layer)).toBytes());
    Files.createSymbolicLink(layout.resolve("blobs"), outside);
    oci(manifest);
    refused("there is no file");
  }

  @Test
  void indexesNestedTenThousandDeepAreRefused() throws Exception {
    Path blobs = Files.createDirectories(layout.resolve("blobs/sha256"));
    Descriptor manifest = Descriptor.of(MediaType.OCI_MANIFEST, Manifest.of(Descriptor.of(MediaType.OCI_CONFIG, CONFIG), List.of()).toBytes());
    oci(StoreDamageTest.nested(manifest, 10_000, blobs));
    try (Lease lease = store.lease()) {
      assertThatThrownBy(() -> ImageArchive.load(lease, layout)).isInstanceOf(ImageException.class).hasMessageContaining("indexes are nested deeper than 4");
    }
    assertThat(store.references()).isEmpty();
    assertThat(store.collect().blobs()).isLessThan(10);
  }

  private void oci(Descriptor target) throws IOException {
    Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    Files.write(layout.resolve("index.json"), Index.of(List.of(target)).toBytes());
  }

  @Test
  void linksWithinTheDirectoryLeadWhereTheySay() throws Exception {
    Files.createDirectories(layout.resolve("one"));
    Files.createDirectories(layout.resolve("two"));
    Files.write(layout.resolve("one/layer.tar"), LAYER);
    Files.createSymbolicLink(layout.resolve("two/layer.tar"), Path.of("../one/layer.tar"));
    docker("two/layer.tar");
    try (Lease lease = store.lease()) {
      assertThat(ImageArchive.load(lease, layout)).hasSize(1);
    }
  }
}
