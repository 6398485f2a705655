package io.containerkit.image;

import static io.containerkit.image.TestImages.client;
import static io.containerkit.image.TestImages.random;
import static io.containerkit.image.TestImages.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.RegistryException;
import io.containerkit.testing.LeavesNothing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against a real registry, with skopeo as the second opinion.
@LeavesNothing
class DockerRegistryIT {

  @TempDir private static Path directory;
  private static DockerRegistry plain;
  private static DockerRegistry secured;
  private static TestAuthority authority;

  @BeforeAll
  static void start() throws Exception {
    authority = TestAuthority.create(directory.resolve("authority"));
    plain = DockerRegistry.plain(directory.resolve("plain"));
    secured = DockerRegistry.secured(directory.resolve("secured"), authority);
  }

  @AfterAll
  static void stop() {
    plain.close();
    secured.close();
  }

  private static RegistryClientBuilder trusting() {
    var config =
        RegistryConfig.NONE.with(secured.host(), RegistryConfig.Access.ofAuthorities(authority.authorityFile()));
    return client().config(config).credentials(registry -> registry.equals(secured.host()) ? DockerRegistry.USER : Credential.ANONYMOUS);
  }

  /// Pushes an index of two platforms; one layer is large enough for ranges and chunks.
  private static Descriptor push(RegistryClient client, ImageReference reference) throws Exception {
    var manifests = new ArrayList<Descriptor>();
    for (var platform : List.of("linux/amd64", "linux/arm64")) {
      var layers = List.of(random(platform.length(), 5 * RangedStream.SEGMENT + 7), random(2, 1000), utf8(platform));
      var descriptors = new ArrayList<Descriptor>();
      var diffIds = new ArrayList<Digest>();
      for (var layer : layers) {
        var descriptor = Descriptor.of(MediaType.OCI_LAYER, layer);
        client.pushBlob(reference, descriptor, BlobContent.of(layer));
        descriptors.add(descriptor);
        diffIds.add(descriptor.digest());
      }
      var config = ImageConfig.of(Platform.of(platform), ImageConfig.Defaults.NONE, diffIds).toBytes();
      var descriptor = Descriptor.of(MediaType.OCI_CONFIG, config);
      client.pushBlob(reference, descriptor, BlobContent.of(config));
      var manifest = Manifest.of(descriptor, descriptors);
      manifests.add(
          client.push(reference.withDigest(Digest.sha256(manifest.toBytes())), manifest).withPlatform(Platform.of(platform)));
    }
    return client.push(reference, Index.of(manifests));
  }

  private static Map<Digest, Digest> pull(RegistryClient client, ImageReference reference, String platform) throws Exception {
    var manifest = client.fetch(reference, Platform.of(platform)).manifest();
    var digests = new HashMap<Digest, Digest>();
    client.fetchBlobs(
        reference,
        manifest.layers(),
        (blob, content) -> {
          var digest = Digest.sha256(content.readAllBytes());
          synchronized (digests) {
            digests.put(blob.digest(), digest);
          }
        });
    assertThat(client.config(reference, manifest).platform()).hasToString(platform);
    return digests;
  }

  private static byte[] skopeo(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("skopeo"));
    command.addAll(List.of(arguments));
    return DockerRegistry.run(directory, directory, command.toArray(String[]::new)).getBytes(UTF_8);
  }

  @Test
  void whatIsPushedIsPulledAndSeenAlikeBySkopeo() throws Exception {
    try (var client = client().uploadChunk(8 << 20).build()) {
      var reference = plain.reference("team/app:1");
      var index = push(client, reference);
      assertThat(client.resolve(reference)).isEqualTo(index);
      assertThat(pull(client, reference, "linux/arm64")).hasSize(3).allSatisfy((wanted, got) -> assertThat(got).isEqualTo(wanted));

      assertThat(Digest.sha256(skopeo("inspect", "--raw", "--tls-verify=false", "docker://" + reference))).isEqualTo(index.digest());
      var copy = directory.resolve("copy");
      skopeo("copy", "-q", "--all", "--src-tls-verify=false", "docker://" + reference, "dir:" + copy);
      assertThat(copy.resolve("manifest.json")).hasBinaryContent(client.fetch(reference).bytes());

      // And back again, by skopeo, in Docker's form.
      skopeo("copy", "-q", "--format", "v2s2", "--dest-tls-verify=false", "dir:" + onePlatform(copy), "docker://" + plain.reference("back:2"));
      var back = client.fetch(plain.reference("back:2"), Platform.of("linux/amd64"));
      assertThat(back.descriptor().mediaType()).isEqualTo(MediaType.DOCKER_MANIFEST);
      assertThat(pull(client, plain.reference("back:2"), "linux/amd64")).hasSize(3);
      assertThat(client.tags(reference)).containsExactly("1");
    }
  }

  /// The image for amd64 of an index that skopeo has written into a directory.
  private static Path onePlatform(Path all) throws Exception {
    var index = Index.parse(Files.readAllBytes(all.resolve("manifest.json")));
    var chosen = index.choose(Platform.of("linux/amd64"));
    Files.copy(
        all.resolve(chosen.digest().hex() + ".manifest.json"),
        all.resolve("manifest.json"),
        StandardCopyOption.REPLACE_EXISTING);
    return all;
  }

  @Test
  void copiesToARegistryWithCertificateAndPassword() throws Exception {
    try (var client = trusting().build()) {
      var source = plain.reference("from:1");
      var target = secured.reference("to/here:2");
      var index = push(client, source);
      assertThat(client.copy(source, target)).isEqualTo(index);
      assertThat(pull(client, target, "linux/amd64")).hasSize(3);
      client.check(secured.host());
      // Within the registry: nothing is transferred, all is mounted.
      assertThat(client.copy(target, secured.reference("to/there:3"))).isEqualTo(index);

      var certificates = Files.createDirectories(directory.resolve("certs"));
      Files.copy(authority.authorityFile(), certificates.resolve("ca.crt"));
      var seen = skopeo("inspect", "--raw", "--cert-dir", certificates.toString(), "--creds", "me:s3cret", "docker://" + secured.reference("to/there:3"));
      assertThat(Digest.sha256(seen)).isEqualTo(index.digest());
    }
  }

  @Test
  void refusesACertificateOfNobodyKnownAtOnce() throws Exception {
    try (var client = client().credentials(_ -> DockerRegistry.USER).build()) {
      assertThatThrownBy(() -> client.check(secured.host()))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining("its certificate is not trusted; name its authority by `ca`");
    }
    var insecure = RegistryConfig.NONE.with(secured.host(), RegistryConfig.Access.ofInsecure());
    try (var client = client().config(insecure).credentials(_ -> DockerRegistry.USER).build()) {
      client.check(secured.host());
    }
  }

  @Test
  void refusesACertificateOfAnotherName() throws Exception {
    var other = "localhost" + secured.host().substring(secured.host().indexOf(':'));
    var config = RegistryConfig.NONE.with(other, RegistryConfig.Access.ofAuthorities(authority.authorityFile()));
    try (var client = client().config(config).credentials(_ -> DockerRegistry.USER).build()) {
      assertThatThrownBy(() -> client.check(other)).hasMessageContaining("its certificate is not trusted");
    }
  }

  @Test
  void wantsThePassword() throws Exception {
    try (var nobody = trusting().credentials(CredentialSource.none()).build();
        var stranger = trusting().credentials(_ -> new Credential.Password("me", "wrong")).build()) {
      for (var client : List.of(nobody, stranger)) {
        assertThatThrownBy(() -> client.check(secured.host()))
            .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNAUTHORIZED))
            .hasMessageContaining("401 Unauthorized");
      }
    }
  }

  @Test
  void deletesByDigestAndKeepsReferrersUnderTheirTag() throws Exception {
    try (var client = client().build()) {
      var reference = plain.reference("gone:1");
      var index = push(client, reference);
      var empty = Descriptor.of(MediaType.OCI_EMPTY, utf8("{}"));
      client.pushBlob(reference, empty, BlobContent.of(utf8("{}")));
      var signature = Manifest.of(empty, List.of(empty)).withArtifactType("a/signature").withSubject(index);
      client.push(plain.reference("gone:signature"), signature);
      assertThat(client.referrers(reference, index.digest(), "a/signature"))
          .singleElement()
          .satisfies(found -> assertThat(found.digest()).isEqualTo(Digest.sha256(signature.toBytes())));

      client.delete(reference.withDigest(index.digest()));
      assertThatThrownBy(() -> client.fetch(reference))
          .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND))
          .hasMessageContaining("MANIFEST_UNKNOWN");
      assertThatThrownBy(() -> client.tags(plain.reference("never:1"))).hasMessageContaining("no repository");
    }
  }
}
