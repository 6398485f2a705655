package io.containerkit.image;

import static io.containerkit.image.TestImages.client;
import static io.containerkit.image.TestImages.random;
import static io.containerkit.image.TestImages.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.spec.ContainerException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Registries that never come to an end, and those that say what is not so.
@Timeout(30)
class RegistryFaultTest {

  private static final ImageFixture IMAGE = new ImageFixture().layer(new Tar().file("f", "x").end());

  @TempDir Path temp;
  private final FakeRegistry registry = new FakeRegistry();
  private final FakeRegistry other = new FakeRegistry();
  private final RegistryClient client =
      client()
          .retryPolicy(new RetryPolicy(1, Duration.ZERO, Duration.ZERO, Duration.ZERO))
          .timeouts(new Timeouts(Duration.ofSeconds(5), Duration.ofMillis(400), Duration.ofSeconds(5), Duration.ofMillis(400)))
          .build();
  private Images images;

  @BeforeEach
  void open() {
    images = Images.builder().root(temp.resolve("store")).registries(RegistryConfig.NONE).credentials(CredentialSource.none()).open();
  }

  @AfterEach
  void close() {
    assertThat(images.check(false)).isEmpty();
    images.close();
    client.close();
    registry.close();
    other.close();
  }

  /// Writes a byte now and then until the other side has gone.
  private static boolean drip(OutputStream out) throws IOException {
    while (true) {
      out.write(' ');
      out.flush();
      LockSupport.parkNanos(20_000_000);
    }
  }

  @Test
  void aRegistryThatNeverAnswersIsGivenUp() {
    registry.fault(
        (call, _) -> {
          if (call.path().contains("/manifests/")) {
            LockSupport.parkNanos(Duration.ofSeconds(20).toNanos());
          }
          return false;
        });
    assertFails(() -> client.fetch(registry.reference("app:1")), ErrorKind.TIMED_OUT).hasMessageContaining("timed out");
  }

  @Test
  void headersThatNeverEndAreGivenUp() {
    registry.fault(
        (call, answer) -> {
          if (!call.path().contains("/manifests/")) {
            return false;
          }
          var out = answer.raw();
          out.write(utf8("HTTP/1.1 200 OK\r\nX-Slow: "));
          return drip(out);
        });
    assertFails(() -> client.fetch(registry.reference("app:1")), ErrorKind.TIMED_OUT).hasMessageContaining("timed out");
  }

  @Test
  void aDocumentThatNeverEndsIsGivenUp() {
    registry.fault(
        (call, answer) ->
            call.path().contains("/manifests/")
                && drip(answer.header("Content-Type", MediaType.OCI_MANIFEST).header("Content-Length", "100000").start(200)));
    assertFails(() -> client.fetch(registry.reference("app:1")), ErrorKind.TIMED_OUT)
        .hasMessageContaining("the body did not end within 400 ms");
  }

  @Test
  void ofAnErrorWithoutEndNoMoreIsReadThanPeopleWould() {
    var written = new AtomicLong();
    registry.fault(
        (call, answer) -> {
          if (!call.path().contains("/manifests/")) {
            return false;
          }
          var out = answer.header("Connection", "close").start(403);
          out.write(utf8("{\"errors\":[{\"code\":\"DENIED\"}"));
          for (; written.get() < 1L << 30; written.addAndGet(1 << 16)) {
            out.write(" ".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII));
          }
          return answer.close();
        });
    assertFails(() -> client.fetch(registry.reference("app:1")), ErrorKind.UNAUTHORIZED).hasMessageContaining("403 Forbidden");
    // What the two sides' sockets hold, and not the whole GiB.
    assertThat(written).hasValueLessThan(64L << 20);
  }

  @Test
  void aConfigurationThatIsTooLongIsNotAskedFor() {
    var huge = Descriptor.of(MediaType.OCI_CONFIG, Digest.sha256(new byte[0]), Document.MAX_BYTES + 1);
    var manifest = Manifest.of(huge, IMAGE.manifest().layers());
    registry.addDocument("app:1", manifest);
    assertFails(() -> client.config(registry.reference("app:1"), manifest), ErrorKind.CORRUPT)
        .hasMessageContaining("is said to have 4194305 bytes; more than 4194304 are not read at once");
    assertFails(() -> images.pull(registry.reference("app:1")), ErrorKind.CORRUPT).hasMessageContaining("is said to have 4194305 bytes");
    assertThat(registry.calls("GET", "/blobs/")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0-99999", "bytes=0-20000"})
  void anUploadOfWhichMoreHasComeThanWasSentIsRefused(String range) {
    var content = random(1, 30_000);
    var blob = Descriptor.of(MediaType.OCI_LAYER_GZIP, content);
    registry.fault(
        (call, answer) ->
            call.method().equals("PATCH") && answer.header("Location", call.target()).header("Range", range).send(202));
    try (var chunked = client().uploadChunk(10_000).build()) {
      assertFails(() -> chunked.pushBlob(registry.reference("app:1"), blob, BlobContent.of(content)), ErrorKind.CORRUPT)
          .hasMessageContaining("bytes of 10000 that were sent");
    }
    assertThat(registry.blobs).isEmpty();
  }

  @Test
  void aDigestThatIsNotTheOneAskedForIsRefusedInAHeadToo() {
    serve(IMAGE.manifest(Platform.host()));
    var wanted = Digest.sha256(IMAGE.manifest(Platform.host()).toBytes());
    var lie = Digest.sha256(utf8("lie"));
    registry.fault(
        (call, answer) ->
            call.method().equals("HEAD")
                && answer.header("Content-Type", MediaType.OCI_MANIFEST).header("Docker-Content-Digest", lie.toString()).send(200));
    assertFails(() -> client.resolve(registry.reference("app:1").withDigest(wanted)), ErrorKind.CORRUPT)
        .hasMessageContaining("it says that its digest is " + lie);
  }

  @Test
  void aHeadThatLiesDoesNotMoveAName() throws Exception {
    var reference = registry.reference("app:1");
    serve(IMAGE.manifest(Platform.host()));
    var pulled = images.pull(reference);
    var lie = Digest.sha256(utf8("lie"));
    registry.fault(
        (call, answer) ->
            call.method().equals("HEAD")
                && answer.header("Content-Type", MediaType.OCI_MANIFEST).header("Docker-Content-Digest", lie.toString()).send(200));
    // What counts is the document, whose digest is computed.
    assertThat(images.pull(reference).target()).isEqualTo(pulled.target());
    assertThat(images.get(reference.toString()).target()).isEqualTo(pulled.target());
  }

  @Test
  void documentsThatAreNestedWithoutEndAreRefused() {
    var deep = "{\"schemaVersion\":2,\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
    registry.addDocument("app:1", MediaType.OCI_MANIFEST, utf8(deep));
    assertFails(() -> images.pull(registry.reference("app:1")), ErrorKind.CORRUPT).hasMessageContaining("nested deeper than");

    var config = registry.addBlob(MediaType.OCI_CONFIG, utf8("{\"x\":" + "{\"y\":".repeat(100_000) + "1" + "}".repeat(100_001)));
    registry.addDocument("app:2", Manifest.of(config, List.of()));
    assertFails(() -> images.pull(registry.reference("app:2")), ErrorKind.CORRUPT).hasMessageContaining("nested deeper than");

    var layout = new Tar().file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}").file("index.json", deep).end();
    assertFails(() -> images.load(new ByteArrayInputStream(layout)), ErrorKind.CORRUPT).hasMessageContaining("nested deeper than");
    var archive = new Tar().file("manifest.json", "[".repeat(100_000) + "]".repeat(100_000)).end();
    assertFails(() -> images.load(new ByteArrayInputStream(archive)), ErrorKind.CORRUPT).hasMessageContaining("nested deeper than");
  }

  @Test
  void aLayerIsNotFetchedFromItsUrls() throws Exception {
    var content = IMAGE.open(IMAGE.blob(0), 0).readAllBytes();
    var elsewhere = withUrl(IMAGE.blob(0).mediaType(), content);
    serve(Manifest.of(registry.addBlob(MediaType.OCI_CONFIG, IMAGE.config(Platform.host()).toBytes()), List.of(elsewhere)));
    other.addBlob(elsewhere.mediaType(), content);
    registry.blobs.remove(elsewhere.digest().toString());
    assertFails(() -> images.pull(registry.reference("app:1")), ErrorKind.NOT_FOUND).hasMessageContaining(elsewhere.digest().toString());

    registry.addBlob(elsewhere.mediaType(), content);
    assertThat(images.pull(registry.reference("app:1")).manifest().layers()).containsExactly(elsewhere);
    assertThat(other.calls).isEmpty();
    assertThat(other.tlsAttempts).hasValue(0);
  }

  @Test
  void aForeignLayerStaysWithItsMaker() throws Exception {
    var content = IMAGE.open(IMAGE.blob(0), 0).readAllBytes();
    var foreign = withUrl("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", content);
    serve(Manifest.of(registry.addBlob(MediaType.OCI_CONFIG, IMAGE.config(Platform.host()).toBytes()), List.of(foreign)));
    registry.addBlob(foreign.mediaType(), content);
    images.pull(registry.reference("app:1"));
    try (var target = new FakeRegistry()) {
      images.push(registry.reference("app:1").toString(), target.reference("pushed:1"), _ -> {});
      client.copy(registry.reference("app:1"), target.reference("copied:1"));
      assertThat(target.manifests).containsKeys("pushed:1", "copied:1");
      assertThat(target.calls).noneMatch(call -> call.target().contains(foreign.digest().hex()));
      assertThat(target.blobs).hasSize(1);
    }
    assertThat(other.calls).isEmpty();
  }

  private Descriptor withUrl(String mediaType, byte[] content) {
    var url = "http://" + other.host() + "/layer";
    other.fault((call, answer) -> call.path().equals("/layer") && answer.send(200, content));
    return new Descriptor(
        mediaType, Digest.sha256(content), content.length, List.of(url), Map.of(), "", "", null, JsonObject.EMPTY);
  }

  private void serve(Manifest manifest) {
    registry.addBlob(MediaType.OCI_CONFIG, IMAGE.config(Platform.host()).toBytes());
    registry.addBlob(IMAGE.blob(0).mediaType(), IMAGE.open(IMAGE.blob(0), 0).readAllBytes());
    registry.addDocument("app:1", manifest);
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertFails(ThrowingCallable code, ErrorKind kind) {
    return assertThatThrownBy(code)
        .isInstanceOfSatisfying(ContainerException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }
}
