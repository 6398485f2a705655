package io.containerkit.image;

import static io.containerkit.image.TestImages.addImage;
import static io.containerkit.image.TestImages.client;
import static io.containerkit.image.TestImages.image;
import static io.containerkit.image.TestImages.random;
import static io.containerkit.image.TestImages.truncated;
import static io.containerkit.image.TestImages.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.spec.ContainerException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.RegistryException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryPullTest {

  private final FakeRegistry registry = new FakeRegistry();
  private final RegistryClient client = client().build();

  @AfterEach
  void close() {
    client.close();
    registry.close();
  }

  @Test
  void pullsByTagByDigestAndByPlatform() throws Exception {
    var arm = image(registry, 1, Platform.of("linux/arm64"));
    var amd = image(registry, 2, Platform.of("linux/amd64"));
    var index =
        Index.of(
            List.of(
                registry.addDocument("app:arm", arm).withPlatform(Platform.of("linux", "arm64", "v8")),
                registry.addDocument("app:amd", amd).withPlatform(Platform.of("linux/amd64"))));
    var descriptor = registry.addDocument("app:1", index);
    var reference = registry.reference("app:1");

    assertThat(client.resolve(reference)).isEqualTo(descriptor);
    assertThat(client.fetch(reference).document()).isEqualTo(index);
    assertThat(client.fetch(reference, Platform.of("linux/arm64")).manifest()).isEqualTo(arm);
    var byDigest = client.fetch(reference.withDigest(descriptor.digest()), Platform.of("linux/amd64"));
    assertThat(byDigest.manifest()).isEqualTo(amd);
    assertThat(client.config(reference, amd).platform()).hasToString("linux/amd64");
    assertThatThrownBy(() -> client.fetch(reference, Platform.of("linux/s390x")))
        .hasMessage("no image for linux/s390x; there are: linux/arm64/v8, linux/amd64");
    assertThatThrownBy(() -> client.fetch(reference).manifest()).hasMessageContaining("choose a platform");
  }

  @Test
  void fetchesSeveralBlobsAtOnceAndVerifiesWhatTheConsumerLeavesUnread() throws Exception {
    var manifest = addImage(registry, "app:1", 1);
    var together = new CyclicBarrier(2);
    registry.fault(2, (call, _) -> call.path().contains("/blobs/") && TestImages.waitForOthers(together));
    var seen = new ConcurrentHashMap<Digest, Integer>();
    client.fetchBlobs(
        registry.reference("app:1"),
        manifest.layers(),
        (blob, content) -> seen.put(blob.digest(), content.readNBytes(10).length));
    assertThat(seen).hasSize(2).containsValue(10);

    registry.blobs.put(manifest.layers().getLast().digest().toString(), random(99, 70_000));
    assertThatThrownBy(
            () -> client.fetchBlobs(registry.reference("app:1"), manifest.layers(), (_, content) -> content.readNBytes(10)))
        .hasMessageContaining("is corrupt: its digest is sha256:");
  }

  @Test
  void saysWhatTheRegistrySays() {
    assertFails(() -> client.fetch(registry.reference("app:none")), ErrorKind.NOT_FOUND)
        .hasMessage(
            "GET http://%s/v2/app/manifests/none: 404 Not Found: MANIFEST_UNKNOWN manifest unknown", registry.host())
        .satisfies(e -> assertThat(((RegistryException) e).reasons().getFirst().code()).isEqualTo("MANIFEST_UNKNOWN"));
  }

  @Test
  void refusesAManifestWithoutEnd() {
    registry.fault(
        (call, answer) ->
            call.path().contains("/manifests/a")
                && answer.header("Content-Type", MediaType.OCI_MANIFEST).header("Content-Length", "5000000000").start(200) != null
                && answer.close());
    assertFails(() -> client.fetch(registry.reference("app:a")), ErrorKind.CORRUPT)
        .hasMessageContaining("5000000000 bytes long, more than 4194304");
    registry.fault(
        (call, answer) -> {
          if (!call.path().contains("/manifests/b")) {
            return false;
          }
          var out = answer.header("Content-Type", MediaType.OCI_MANIFEST).header("Connection", "close").start(200);
          for (var i = 0; i < 5000; i++) {
            out.write(new byte[1024]);
          }
          return answer.close();
        });
    assertFails(() -> client.fetch(registry.reference("app:b")), ErrorKind.CORRUPT)
        .hasMessageContaining("longer than 4194304 bytes");
  }

  @Test
  void asksAgainForAManifestThatBroke() throws Exception {
    var manifest = addImage(registry, "app:1", 1);
    registry.fault(
        2, (call, answer) -> call.path().contains("/manifests/") && truncated(call, answer, manifest.toBytes(), 20));
    assertThat(client.fetch(registry.reference("app:1")).document()).isEqualTo(manifest);
  }

  @Test
  void refusesAManifestOfAnotherDigest() {
    addImage(registry, "app:1", 1);
    var other = Digest.sha256(utf8("other"));
    registry.fault(
        (call, answer) ->
            call.path().endsWith("/other") && answer.header("Docker-Content-Digest", other.toString())
                .header("Content-Type", MediaType.OCI_MANIFEST).send(200, "{}"));
    assertFails(() -> client.fetch(registry.reference("app:other")), ErrorKind.CORRUPT).hasMessageContaining("as it says");
    registry.manifests.put("app:" + other, new FakeRegistry.Stored(MediaType.OCI_MANIFEST, utf8("{}")));
    assertFails(() -> client.fetch(registry.reference("app:1").withDigest(other)), ErrorKind.CORRUPT)
        .hasMessageContaining("as asked for");
  }

  @Test
  void refusesWhatAnIndexDescribesWrongly() {
    var manifest = registry.addDocument("app:1", image(registry, 1, Platform.of("linux/amd64")));
    var lie = Descriptor.of(manifest.mediaType(), manifest.digest(), manifest.size() + 1);
    registry.addDocument("app:2", Index.of(List.of(lie.withPlatform(Platform.of("linux/amd64")))));
    assertFails(() -> client.fetch(registry.reference("app:2"), Platform.of("linux/amd64")), ErrorKind.CORRUPT)
        .hasMessageContaining("the index says");
  }

  @Test
  void refusesConfusingManifests() {
    var manifest = addImage(registry, "app:1", 1);
    var both = manifest.toJson().with("manifests", new JsonArray(List.of())).toString();
    registry.addDocument("app:both", MediaType.OCI_MANIFEST, utf8(both));
    assertFails(() -> client.fetch(registry.reference("app:both")), ErrorKind.CORRUPT)
        .hasMessageContaining("both an index and a manifest");
    registry.addDocument("app:type", MediaType.DOCKER_MANIFEST, manifest.toBytes());
    assertFails(() -> client.fetch(registry.reference("app:type")), ErrorKind.CORRUPT)
        .hasMessageContaining("/mediaType: is \"" + MediaType.OCI_MANIFEST);
    registry.addDocument("app:html", "text/html; charset=utf-8", utf8("<html>"));
    assertFails(() -> client.fetch(registry.reference("app:html")), ErrorKind.CORRUPT);
    registry.fault((call, answer) -> call.path().endsWith("/untyped") && answer.send(200, manifest.toBytes()));
    assertFails(() -> client.fetch(registry.reference("app:untyped")), ErrorKind.CORRUPT)
        .hasMessageContaining("no Content-Type");
  }

  @Test
  void refusesIndexesWithoutEnd() {
    var inner = registry.addDocument("app:0", image(registry, 1, Platform.of("linux/amd64")));
    for (var depth = 0; depth < 6; depth++) {
      inner = registry.addDocument("app:deep", Index.of(List.of(inner.withPlatform(Platform.of("linux/amd64")))));
    }
    assertFails(() -> client.fetch(registry.reference("app:deep"), Platform.of("linux/amd64")), ErrorKind.CORRUPT)
        .hasMessageContaining("nested deeper than");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "soon", ""})
  void comesBackWhenTheRegistryIsBusy(String retryAfter) throws Exception {
    // The dates are in the past by any clock but this one.
    var manifest = addImage(registry, "app:1", 1);
    registry.fault(
        2, (call, answer) -> call.path().contains("/manifests/") && answer.header("Retry-After", retryAfter).send(429));
    var started = System.nanoTime();
    assertThat(client.fetch(registry.reference("app:1")).document()).isEqualTo(manifest);
    assertThat(registry.calls("GET", "/manifests/")).hasSize(3);
    assertThat((System.nanoTime() - started) / 1_000_000).isBetween(retryAfter.equals("1") ? 2000L : 0L, 5000L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "429|3600",
        "503|3600",
        "429|%1$ta, %1$td %1$tb %1$tY %1$tT GMT",
        "429|%1$tA, %1$td-%1$tb-%1$ty %1$tT GMT",
        "429|%1$ta %1$tb %2$2d %1$tT %1$tY",
        "503|%1$ta, %1$td %1$tb %1$tY %1$tT GMT",
      })
  void doesNotWaitForHours(int status, String form) {
    var hence = ZonedDateTime.now(ZoneOffset.UTC).plusHours(1).plusSeconds(5);
    var retryAfter = String.format(Locale.ENGLISH, form, hence, hence.getDayOfMonth());
    registry.fault((call, answer) -> call.path().contains("/manifests/") && answer.header("Retry-After", retryAfter).send(status));
    assertFails(() -> client.fetch(registry.reference("app:1")), ErrorKind.BUSY)
        .message()
        .containsPattern(status + ": the registry asks to come back in 360[0-5] s");
    assertThat(registry.calls("GET", "/manifests/")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void asksAgainWhenTheRegistryFailsButNotForEver(int status) throws Exception {
    addImage(registry, "app:1", 1);
    registry.fault(3, (call, answer) -> call.path().contains("/manifests/") && answer.send(status));
    assertThat(client.fetch(registry.reference("app:1"))).isNotNull();
    registry.fault((call, answer) -> call.path().contains("/manifests/") && answer.send(status));
    assertThatThrownBy(() -> client.fetch(registry.reference("app:1"))).hasMessageContaining(": " + status + " ");
    assertThat(registry.calls("GET", "/manifests/")).hasSize(8);
  }

  @Test
  void asksAgainWhenTheConnectionIsCut() throws Exception {
    addImage(registry, "app:1", 1);
    registry.fault(3, (call, answer) -> call.path().contains("/manifests/") && answer.close());
    assertThat(client.fetch(registry.reference("app:1"))).isNotNull();
  }

  @Test
  void boundsHeaders() {
    registry.fault(
        (call, answer) ->
            call.path().contains("/manifests/") && answer.header("X-Long", "x".repeat(1 << 20)).send(200, "{}"));
    assertFails(() -> client.fetch(registry.reference("app:1")), ErrorKind.IO);
  }

  @Test
  void boundsRedirectsAndRefusesStrangeOnes() {
    registry.fault(
        (call, answer) ->
            call.path().contains("/manifests/") && answer.header("Location", call.path() + "x").send(307));
    assertFails(() -> client.fetch(registry.reference("app:1")), ErrorKind.IO).hasMessageContaining("more than 10 times");
    for (var location : List.of("", "file:///etc/passwd", "http://a b/", "http://user:secret@127.0.0.1/", "gopher://x/")) {
      registry.faults.addFirst(
          (call, answer) -> call.path().contains("/manifests/") && answer.header("Location", location).send(302));
      assertFails(() -> client.fetch(registry.reference("app:1")), ErrorKind.IO)
          .hasMessageContaining("redirected")
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void asksMirrorsFirstAndTheRegistryItselfWhenTheyFail() throws Exception {
    var manifest = addImage(registry, "app:1", 1);
    try (var mirror = new FakeRegistry()) {
      mirror.manifests.put("copies/app:1", new FakeRegistry.Stored(manifest.mediaType(), manifest.toBytes()));
      var mirrored = new RegistryConfig.Mirror(
          mirror.host() + "/copies", RegistryConfig.Mirror.Use.ALL, RegistryConfig.Access.DEFAULT);
      var config = RegistryConfig.NONE.with(
          new RegistryConfig.Registry(registry.host(), "", false, List.of(mirrored), RegistryConfig.Access.DEFAULT));
      try (var client = client().config(config).build()) {
        var reference = registry.reference("app:1");
        assertThat(client.fetch(reference).document()).isEqualTo(manifest);
        assertThat(registry.calls).isEmpty();
        // The mirror has the manifest but not the blobs.
        var layer = manifest.layers().getFirst();
        assertThat(client.fetchBlob(reference, layer)).hasSize(3000);
        assertThat(mirror.calls("GET", "/v2/copies/app/blobs/")).hasSize(1);
        assertThat(registry.calls("GET", "/v2/app/blobs/")).hasSize(1);

        // A connection that is open already may be served a moment longer than the mirror takes new ones.
        mirror.manifests.clear();
        mirror.stop();
        assertThat(client.fetch(reference).document()).isEqualTo(manifest);
        registry.manifests.clear();
        assertFails(() -> client.fetch(reference), ErrorKind.NOT_FOUND);
      }
    }
  }

  @Test
  void keepsNoQueryOfASignedUrlInItsErrors() {
    registry.fault(
        (call, answer) ->
            !call.path().startsWith("/v2/app") ? answer.send(403)
                : answer.header("Location", "/signed?X-Amz-Signature=secret").send(307));
    assertFails(() -> client.fetch(registry.reference("app:1")), ErrorKind.UNAUTHORIZED)
        .hasMessageNotContaining("secret");
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertFails(
      ThrowingCallable code, ErrorKind kind) {
    return assertThatThrownBy(code)
        .isInstanceOfSatisfying(ContainerException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }
}
