package io.containerkit.image;

import static io.containerkit.image.TestImages.client;
import static io.containerkit.image.TestImages.random;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.image.RegistryConfig.Access;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.RegistryException;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Redirects from and to https: never back to http, and never with the credentials of another origin.
class RegistryTlsIT {

  private static final String BASIC = "Basic " + Base64.getEncoder().encodeToString("me:secret".getBytes(UTF_8));

  @TempDir private Path directory;
  private final byte[] content = random(1, 5000);
  private FakeRegistry secure;
  private FakeRegistry otherSecure;
  private FakeRegistry plain;
  private RegistryClient client;

  @BeforeEach
  void start() throws Exception {
    var authority = TestAuthority.create(directory);
    secure = FakeRegistry.secured(authority);
    otherSecure = FakeRegistry.secured(authority);
    plain = new FakeRegistry();
    var access = Access.ofAuthorities(authority.authorityFile());
    var config = RegistryConfig.NONE.with(secure.host(), access).with(plain.host(), access);
    client = client().config(config).credentials(_ -> new Credential.Password("me", "secret")).build();
    for (var registry : new FakeRegistry[] {secure, plain}) {
      registry.fault(
          (call, answer) ->
              !call.header("Authorization").equals(BASIC)
                  && answer.header("WWW-Authenticate", "Basic realm=\"fake\"").send(401));
    }
  }

  @AfterEach
  void stop() {
    client.close();
    secure.close();
    otherSecure.close();
    plain.close();
  }

  private byte[] readThrough(FakeRegistry registry, String location) throws Exception {
    registry.fault((call, answer) -> call.path().contains("/blobs/") && answer.header("Location", location).send(307));
    for (var storage : new FakeRegistry[] {secure, otherSecure, plain}) {
      storage.fault((call, answer) -> call.path().equals("/signed") && answer.send(200, content));
    }
    return client.fetchBlob(registry.reference("app:1"), Descriptor.of(MediaType.OCI_LAYER, content));
  }

  private static void assertAsked(FakeRegistry storage, String authorization) {
    assertThat(storage.calls)
        .filteredOn(call -> call.path().equals("/signed"))
        .singleElement()
        .satisfies(call -> assertThat(call.header("Authorization")).isEqualTo(authorization));
  }

  @Test
  void noRedirectLeadsFromHttpsToHttp() {
    assertThatThrownBy(() -> readThrough(secure, "http://" + plain.host() + "/signed"))
        .hasMessageContaining("redirected from https to \"http\", which is refused")
        .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.IO));
    assertThat(plain.calls).isEmpty();
  }

  @Test
  void anUploadIsNotSentFromHttpsToHttp() {
    secure.fault(
        (call, answer) ->
            call.method().equals("POST") && answer.header("Location", "http://" + plain.host() + "/v2/app/blobs/uploads/1").send(202));
    assertThatThrownBy(
            () -> client.pushBlob(secure.reference("app:1"), Descriptor.of(MediaType.OCI_LAYER, content), BlobContent.of(content)))
        .hasMessageContaining("redirected from https to \"http\", which is refused");
    assertThat(plain.calls).isEmpty();
  }

  @Test
  void credentialsStayWithTheirOrigin() throws Exception {
    assertThat(readThrough(secure, "/signed")).isEqualTo(content);
    assertAsked(secure, BASIC);
  }

  @Test
  void credentialsDoNotGoToAnotherPortOverTls() throws Exception {
    assertThat(readThrough(secure, "https://" + otherSecure.host() + "/signed?X=1")).isEqualTo(content);
    assertAsked(otherSecure, "");
  }

  @Test
  void credentialsDoNotGoToAnotherScheme() throws Exception {
    assertThat(readThrough(plain, "https://" + otherSecure.host() + "/signed")).isEqualTo(content);
    assertAsked(otherSecure, "");
  }
}
