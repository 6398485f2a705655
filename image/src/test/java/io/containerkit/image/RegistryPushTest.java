package io.containerkit.image;

import static io.containerkit.image.TestImages.addImage;
import static io.containerkit.image.TestImages.client;
import static io.containerkit.image.TestImages.image;
import static io.containerkit.image.TestImages.random;
import static io.containerkit.image.TestImages.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.spec.ContainerException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.RegistryException;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryPushTest {

  private static final int CHUNK = 10_000;

  private final FakeRegistry registry = new FakeRegistry();
  private final RegistryClient client = client().uploadChunk(CHUNK).build();

  @AfterEach
  void close() {
    client.close();
    registry.close();
  }

  @Test
  void pushesASmallBlobInOnePieceAndOnlyOnce() throws Exception {
    var content = random(1, CHUNK);
    var blob = Descriptor.of(MediaType.OCI_LAYER_GZIP, content);
    client.pushBlob(registry.reference("app:1"), blob, BlobContent.of(content));
    assertThat(registry.blobs).containsEntry(blob.digest().toString(), content);
    client.pushBlob(registry.reference("app:1"), blob, BlobContent.of(content));
    assertThat(registry.calls("PATCH", "")).isEmpty();
    assertThat(registry.calls("PUT", "/blobs/uploads/u1?state=0&digest=" + blob.digest())).hasSize(1);
  }

  @Test
  void pushesTheEmptyBlob() throws Exception {
    var blob = Descriptor.of(MediaType.OCI_LAYER, new byte[0]);
    client.pushBlob(registry.reference("app:1"), blob, BlobContent.of(new byte[0]));
    assertThat(registry.blobs).containsKey(blob.digest().toString());
  }

  @Test
  void pushesALargeBlobInChunks() throws Exception {
    var content = random(1, 3 * CHUNK + 17);
    var blob = Descriptor.of(MediaType.OCI_LAYER_GZIP, content);
    var opened = new AtomicInteger();
    client.pushBlob(
        registry.reference("app:1"),
        blob,
        () -> {
          opened.incrementAndGet();
          return new ByteArrayInputStream(content);
        });
    assertThat(registry.blobs).containsEntry(blob.digest().toString(), content);
    assertThat(registry.calls.stream().filter(call -> call.method().equals("PATCH")).map(call -> call.header("Content-Range")))
        .containsExactly("0-9999", "10000-19999", "20000-29999", "30000-30016");
    assertThat(opened).hasValue(1);
  }

  @Test
  void takesUpAChunkWhereTheRegistryLostIt() throws Exception {
    var content = random(1, 3 * CHUNK);
    var blob = Descriptor.of(MediaType.OCI_LAYER_GZIP, content);
    registry.fault(
        1,
        (call, answer) -> {
          if (!call.method().equals("PATCH") || !call.header("Content-Range").startsWith("10000-")) {
            return false;
          }
          registry.upload("u1").write(call.body(), 0, 5_000);
          return answer.close();
        });
    client.pushBlob(registry.reference("app:1"), blob, BlobContent.of(content));
    assertThat(registry.blobs).containsEntry(blob.digest().toString(), content);
    assertThat(registry.calls.stream().filter(call -> call.method().equals("PATCH")).map(call -> call.header("Content-Range")))
        .containsExactly("0-9999", "10000-19999", "15000-24999", "25000-29999");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0-0", "0-9999"})
  @Timeout(20)
  void givesUpARegistryThatSaysYesAndTakesNothing(String range) {
    var content = random(1, 3 * CHUNK);
    registry.fault(
        (call, answer) -> call.method().equals("PATCH") && answer.header("Range", range).header("Location", call.target()).send(202));
    assertThatThrownBy(() -> client.pushBlob(registry.reference("app:1"), Descriptor.of("a/b", content), BlobContent.of(content)))
        .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.IO))
        .hasMessageContaining("the registry takes no more of the upload than its first " + (range.equals("0-0") ? 0 : 10000) + " bytes");
  }

  @Test
  void beginsAnUploadAnewWhenItsSessionIsLost() throws Exception {
    var content = random(1, 2 * CHUNK);
    var blob = Descriptor.of(MediaType.OCI_LAYER_GZIP, content);
    registry.fault(2, (call, answer) -> call.method().equals("PATCH") && answer.send(404));
    registry.fault(1, (call, answer) -> call.path().endsWith("/u1") && answer.send(404));
    client.pushBlob(registry.reference("app:1"), blob, BlobContent.of(content));
    assertThat(registry.blobs).containsEntry(blob.digest().toString(), content);
    assertThat(registry.calls("POST", "/blobs/uploads/").size()).isBetween(2, 3);
  }

  @Test
  void repeatsAPieceThatFailed() throws Exception {
    var content = random(1, 5000);
    var blob = Descriptor.of(MediaType.OCI_LAYER_GZIP, content);
    registry.fault(2, (call, answer) -> call.method().equals("PUT") && answer.send(500));
    client.pushBlob(registry.reference("app:1"), blob, BlobContent.of(content));
    assertThat(registry.blobs).containsEntry(blob.digest().toString(), content);
    registry.fault((call, answer) -> call.method().equals("PUT") && answer.send(413));
    assertThatThrownBy(() -> client.pushBlob(registry.reference("app:1"), Descriptor.of("a/b", random(2, 10)), BlobContent.of(random(2, 10))))
        .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NO_SPACE));
  }

  @Test
  void respectsTheLeastChunkOfTheRegistry() throws Exception {
    var content = random(1, 3 * CHUNK);
    registry.fault(
        1,
        (call, answer) ->
            call.method().equals("POST")
                && answer.header("OCI-Chunk-Min-Length", "40000").header("Location", "/elsewhere/u").send(202));
    registry.fault((call, answer) -> call.is("PUT", "/elsewhere/u") && answer.send(201));
    client.pushBlob(registry.reference("app:1"), Descriptor.of("a/b", content), BlobContent.of(content));
    assertThat(registry.calls("PATCH", "")).isEmpty();
  }

  @Test
  void mountsWhatAnotherRepositoryHas() throws Exception {
    var content = random(1, 5000);
    var blob = registry.addBlob(MediaType.OCI_LAYER_GZIP, content);
    registry.fault((call, answer) -> call.method().equals("HEAD") && answer.send(404));
    client.pushBlob(registry.reference("app:1"), blob, BlobContent.of(content), registry.reference("base:1"));
    assertThat(registry.calls("POST", "")).containsExactly("/v2/app/blobs/uploads/?mount=" + blob.digest() + "&from=base");
    assertThat(registry.calls("PUT", "")).isEmpty();
  }

  @Test
  void uploadsWhatCannotBeMounted() throws Exception {
    var content = random(1, 5000);
    var blob = Descriptor.of(MediaType.OCI_LAYER_GZIP, content);
    client.pushBlob(registry.reference("app:1"), blob, BlobContent.of(content), registry.reference("base:1"));
    assertThat(registry.blobs).containsEntry(blob.digest().toString(), content);
  }

  @Test
  void failsWhenTheContentIsNotWhatItsDescriptorSays() {
    var blob = Descriptor.of(MediaType.OCI_LAYER_GZIP, random(1, 5000));
    assertThatThrownBy(() -> client.pushBlob(registry.reference("app:1"), blob, BlobContent.of(random(2, 5000))))
        .hasMessageContaining("DIGEST_INVALID");
    assertThatThrownBy(() -> client.pushBlob(registry.reference("app:1"), blob, BlobContent.of(random(1, 4000))))
        .isInstanceOf(ContainerException.class);
    assertThat(registry.blobs).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ftp://x/y", "https://user:pw@a.example/", "http://bad host/"})
  void refusesAnUploadToNowhere(String location) {
    registry.fault((call, answer) -> call.method().equals("POST") && answer.header("Location", location).send(202));
    assertThatThrownBy(
            () -> client.pushBlob(registry.reference("app:1"), Descriptor.of("a/b", random(1, 10)), BlobContent.of(random(1, 10))))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("redirected");
  }

  @Test
  void pushesADocumentByteForByte() throws Exception {
    var manifest = image(registry, 1, Platform.of("linux/amd64"));
    assertThat(client.push(registry.reference("app:1"), manifest)).isEqualTo(Descriptor.of(manifest.mediaType(), manifest.toBytes()));
    assertThat(client.fetch(registry.reference("app:1")).document()).isEqualTo(manifest);
    assertThatThrownBy(() -> client.push(registry.reference("app:1").withDigest(Digest.sha256(utf8("x"))), manifest))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("the document's digest is");
    assertThatThrownBy(() -> client.push(registry.reference("app:1"), MediaType.OCI_INDEX, manifest.toBytes()))
        .hasMessageContaining("/mediaType");
  }

  @Test
  void noticesThatTheRegistryStoredSomethingElse() {
    var manifest = image(registry, 1, Platform.of("linux/amd64"));
    registry.fault(
        (call, answer) ->
            call.method().equals("PUT")
                && answer.header("Docker-Content-Digest", Digest.sha256(utf8("x")).toString()).send(201));
    assertThatThrownBy(() -> client.push(registry.reference("app:1"), manifest)).hasMessageContaining("the registry has stored");
  }

  @Test
  void listsReferrersByTagWhereTheRegistryHasNoApi() throws Exception {
    var subject = registry.addDocument("app:1", image(registry, 1, Platform.of("linux/amd64")));
    var reference = registry.reference("app:1");
    assertThat(client.referrers(reference, subject.digest(), "")).isEmpty();

    var empty = registry.addBlob(MediaType.OCI_EMPTY, utf8("{}"));
    var signature =
        Manifest.of(empty, List.of(empty)).withArtifactType("a/signature").withSubject(subject).withAnnotations(Map.of("k", "v"));
    var bill = Manifest.of(empty, List.of(empty)).withArtifactType("a/bill").withSubject(subject);
    for (var artifact : List.of(signature, bill, signature)) {
      client.push(reference.withDigest(Digest.sha256(artifact.toBytes())), artifact);
    }
    var found = client.referrers(reference, subject.digest(), "");
    assertThat(found).extracting(Descriptor::artifactType).containsExactly("a/signature", "a/bill");
    assertThat(found.getFirst().annotations()).isEqualTo(Map.of("k", "v"));
    assertThat(client.referrers(reference, subject.digest(), "a/bill")).hasSize(1);
    assertThat(registry.manifests).containsKey("app:" + subject.digest().toString().replace(':', '-'));
  }

  @Test
  void listsReferrersFromTheApiOverAllItsPages() throws Exception {
    var subject = Digest.sha256(utf8("subject"));
    var one = Descriptor.of(MediaType.OCI_MANIFEST, utf8("1"));
    var two = Descriptor.of(MediaType.OCI_MANIFEST, utf8("2"));
    registry.fault(
        (call, answer) ->
            call.path().equals("/v2/app/referrers/" + subject)
                && answer
                    .header("Content-Type", MediaType.OCI_INDEX)
                    .header(call.query("page").isEmpty() ? "Link" : "X", "<?page=2>; rel=\"next\"")
                    .send(200, Index.of(List.of(call.query("page").isEmpty() ? one : two)).toBytes()));
    assertThat(client.referrers(registry.reference("app:1"), subject, "")).containsExactly(one, two);
  }

  @Test
  void doesNotTouchTheTagWhereTheRegistryListsReferrers() throws Exception {
    var empty = registry.addBlob(MediaType.OCI_EMPTY, utf8("{}"));
    var artifact = Manifest.of(empty, List.of()).withSubject(empty);
    registry.fault(
        (call, answer) -> call.method().equals("PUT") && answer.header("OCI-Subject", empty.digest().toString()).send(201));
    client.push(registry.reference("app:1"), artifact);
    assertThat(registry.calls("PUT", "")).hasSize(1);
  }

  @Test
  void listsTagsOverAllPages() throws Exception {
    registry.fault(
        (call, answer) -> {
          var last = call.query("last");
          var page = last.isEmpty() ? 1 : Integer.parseInt(last) + 1;
          if (page < 4) {
            answer.header("Link", "</v2/app/tags/list?n=1&last=" + page + ">; rel=\"next\"");
          }
          return call.path().equals("/v2/app/tags/list") && answer.send(200, "{\"name\":\"app\",\"tags\":[\"t" + page + "\"]}");
        });
    assertThat(client.tags(registry.reference("app"))).containsExactly("t1", "t2", "t3", "t4");
  }

  @Test
  void boundsAListOverAllItsPages() {
    var page = "{\"tags\":[\"" + "x".repeat(3 << 20) + "\"]}";
    registry.fault(
        (call, answer) ->
            call.path().endsWith("/tags/list")
                && answer.header("Link", "</v2/app/tags/list?last=" + registry.calls.size() + ">; rel=\"next\"").send(200, page));
    assertThatThrownBy(() -> client.tags(registry.reference("app:1")))
        .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CORRUPT))
        .hasMessageContaining("more than 67108864 bytes");
  }

  @Test
  void listsNoTagsOfAnEmptyRepository() throws Exception {
    registry.fault((call, answer) -> call.path().endsWith("/tags/list") && answer.send(200, "{\"name\":\"app\",\"tags\":null}"));
    assertThat(client.tags(registry.reference("app"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"<?x=1>; rel=\"next\"", "<http://169.254.169.254/>; rel=\"next\"", "<:/ />; rel=next"})
  void refusesPagesThatDoNotEndOrLeadElsewhere(String link) {
    registry.fault(
        (call, answer) -> call.path().endsWith("/tags/list") && answer.header("Link", link).send(200, "{\"tags\":[\"a\"]}"));
    assertThatThrownBy(() -> client.tags(registry.reference("app")))
        .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CORRUPT))
        .hasMessageContaining("page");
  }

  @Test
  void deletesByTagAndByDigest() throws Exception {
    addImage(registry, "app:1", 1);
    var digest = client.resolve(registry.reference("app:1")).digest();
    client.delete(registry.reference("app:1"));
    client.delete(registry.reference("app@" + digest));
    assertThat(registry.manifests).isEmpty();
    assertThatThrownBy(() -> client.delete(registry.reference("app:1")))
        .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND));
    registry.fault((call, answer) -> call.method().equals("DELETE") && answer.send(405, FakeRegistry.error("UNSUPPORTED", "no")));
    assertThatThrownBy(() -> client.delete(registry.reference("app:1"))).hasMessageContaining("405 Method Not Allowed: UNSUPPORTED no");
  }

  @Test
  void copiesAllPlatformsBetweenRegistries() throws Exception {
    try (var target = new FakeRegistry()) {
      var arm = registry.addDocument("app:arm", image(registry, 1, Platform.of("linux/arm64")));
      var amd = registry.addDocument("app:amd", image(registry, 5, Platform.of("linux/amd64")));
      var index =
          registry.addDocument(
              "app:1",
              Index.of(List.of(arm.withPlatform(Platform.of("linux/arm64")), amd.withPlatform(Platform.of("linux/amd64")))));
      assertThat(client.copy(registry.reference("app:1"), target.reference("there/app:2"))).isEqualTo(index);
      assertThat(target.blobs).containsOnlyKeys(registry.blobs.keySet());
      assertThat(target.manifests).containsKeys("there/app:2", "there/app:" + arm.digest(), "there/app:" + amd.digest());

      var one = client.copy(registry.reference("app:1"), target.reference("there/app:amd"), Platform.of("linux/amd64"));
      assertThat(one.digest()).isEqualTo(amd.digest());
    }
  }

  @Test
  void copyWithinARegistryMounts() throws Exception {
    addImage(registry, "app:1", 1);
    registry.fault((call, answer) -> call.method().equals("HEAD") && call.path().startsWith("/v2/other/blobs") && answer.send(404));
    client.copy(registry.reference("app:1"), registry.reference("other:1"));
    assertThat(registry.calls("POST", "/v2/other/blobs/uploads/?mount=")).hasSize(3);
    assertThat(registry.calls("GET", "/blobs/")).isEmpty();
  }

  @Test
  void copyLeavesNothingBehindATagWhenABlobIsCorrupt() {
    try (var target = new FakeRegistry()) {
      var manifest = addImage(registry, "app:1", 1);
      registry.blobs.put(manifest.layers().getLast().digest().toString(), random(77, 70_000));
      assertThatThrownBy(() -> client.copy(registry.reference("app:1"), target.reference("app:1")))
          .isInstanceOf(ContainerException.class);
      assertThat(target.manifests).isEmpty();
    }
  }
}
