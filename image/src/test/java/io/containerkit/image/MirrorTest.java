package io.containerkit.image;

import static io.containerkit.image.TestImages.client;
import static io.containerkit.image.TestImages.random;
import static io.containerkit.image.TestImages.truncated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A mirror may break, stall or lie at any place: what the registry itself has is pulled all the same.
class MirrorTest {

  @TempDir Path temp;
  private final FakeRegistry registry = new FakeRegistry();
  private final FakeRegistry mirror = new FakeRegistry();

  @AfterEach
  void close() {
    registry.close();
    mirror.close();
  }

  private RegistryConfig config() {
    var mirrored = new RegistryConfig.Mirror(mirror.host(), RegistryConfig.Mirror.Use.ALL, RegistryConfig.Access.DEFAULT);
    return RegistryConfig.NONE.with(new RegistryConfig.Registry(registry.host(), "", false, List.of(mirrored), RegistryConfig.Access.DEFAULT));
  }

  @ParameterizedTest
  @ValueSource(ints = {300_000, 17 << 20})
  void aBodyThatBreaksTwiceGoesOnAtTheNextPlace(int size) throws Exception {
    byte[] content = random(3, size);
    Descriptor blob = registry.addBlob(MediaType.OCI_LAYER_GZIP, content);
    mirror.fault((call, answer) -> call.is("GET", blob.digest().toString()) && truncated(call, answer, content, 100_000));
    try (var client = client().config(config()).build();
        var in = client.openBlob(registry.reference("app:1"), blob)) {
      assertThat(in.readAllBytes()).isEqualTo(content);
    }
    assertThat(mirror.calls("GET", "/blobs/")).isNotEmpty();
    assertThat(registry.calls("GET", "/blobs/")).isNotEmpty();
  }

  @Test
  void aMirrorThatStallsIsLeft() throws Exception {
    byte[] content = random(3, 300_000);
    Descriptor blob = registry.addBlob(MediaType.OCI_LAYER_GZIP, content);
    mirror.fault(
        (call, answer) -> {
          if (!call.is("GET", blob.digest().toString())) {
            return false;
          }
          var range = FakeRegistry.range(call, content.length);
          int from = range == null ? 0 : range[0];
          if (range != null) {
            answer.header("Content-Range", "bytes " + from + "-299999/300000");
          }
          answer.header("Content-Length", Integer.toString(300_000 - from)).start(range == null ? 200 : 206).write(content, from, 10);
          return true; // And no more.
        });
    try (var client = client().config(config()).build();
        var in = client.openBlob(registry.reference("app:1"), blob)) {
      assertThat(in.readAllBytes()).isEqualTo(content);
      assertThat(mirror.calls("GET", "/blobs/")).hasSize(2);
    }
  }

  @Test
  void aSmallBlobThatIsNotWhatItShouldBeComesFromTheRegistryItself() throws Exception {
    byte[] content = random(3, 3000);
    Descriptor blob = registry.addBlob(MediaType.OCI_CONFIG, content);
    mirror.blobs.put(blob.digest().toString(), random(4, 3000));
    try (var client = client().config(config()).build()) {
      assertThat(client.fetchBlob(registry.reference("app:1"), blob)).isEqualTo(content);
    }
  }

  @Test
  void aStreamThatIsNotWhatItShouldBeFailsAndTheNextOneComesFromTheRegistryItself() throws Exception {
    byte[] content = random(3, 3000);
    Descriptor blob = registry.addBlob(MediaType.OCI_LAYER_GZIP, content);
    mirror.blobs.put(blob.digest().toString(), random(4, 3000));
    try (var client = client().config(config()).build()) {
      try (InputStream in = client.openBlob(registry.reference("app:1"), blob)) {
        assertThatThrownBy(in::readAllBytes).isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CORRUPT));
      }
      try (InputStream in = client.openBlob(registry.reference("app:1"), blob)) {
        assertThat(in.readAllBytes()).isEqualTo(content);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"layer", "end of a layer", "config", "manifest", "another manifest"})
  void anImageOfWhichAMirrorHasOtherBytesIsPulledFromTheRegistryItself(String lie) throws Exception {
    var image = new ImageFixture().layer(new Tar().file("f", "1".repeat(200_000)).end(), Compression.NONE);
    Manifest manifest = image.manifest(Platform.host());
    for (FakeRegistry place : List.of(registry, mirror)) {
      place.addBlob(MediaType.OCI_CONFIG, image.config(Platform.host()).toBytes());
      place.addBlob(MediaType.OCI_LAYER_GZIP, image.open(image.blob(0), 0).readAllBytes());
      place.addDocument("app:1", manifest);
    }
    mirror.blobs.replaceAll(
        (digest, bytes) -> {
          boolean isLayer = digest.equals(image.blob(0).digest().toString());
          byte[] other = bytes.clone();
          if (lie.equals("layer") && isLayer) {
            Arrays.fill(other, 0, 512, (byte) 'x');
          } else if (lie.equals("end of a layer") && isLayer) {
            other[150_000] = 'x';
          } else if (lie.equals("config") && !isLayer) {
            other[0] = 'x';
          }
          return other;
        });
    if (lie.equals("manifest")) {
      mirror.manifests.replaceAll((_, stored) -> new FakeRegistry.Stored(stored.mediaType(), new byte[] {'{'}));
    }
    ImageReference reference = registry.reference("app:1");
    if (lie.equals("another manifest")) {
      reference = reference.withDigest(Digest.sha256(manifest.toBytes()));
      mirror.manifests.replaceAll((_, stored) -> new FakeRegistry.Stored(stored.mediaType(), Manifest.of(manifest.config(), List.of()).toBytes()));
    }
    try (Images images = Images.builder().root(temp.resolve("store")).registries(config()).credentials(CredentialSource.none()).open()) {
      assertThat(images.pull(reference).manifest()).isEqualTo(manifest);
      assertThat(images.check(false)).isEmpty();
    }
    assertThat(mirror.calls("GET", "")).isNotEmpty();
  }
}
