package io.containerkit.image;

import static io.containerkit.image.TestImages.addImage;
import static io.containerkit.image.TestImages.client;
import static io.containerkit.image.TestImages.random;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.RegistryException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryAuthTest {

  private static final Credential.Password PASSWORD = new Credential.Password("me", "s3cret:ü");
  private static final String BASIC =
      "Basic " + Base64.getEncoder().encodeToString("me:s3cret:ü".getBytes(UTF_8));

  private final FakeRegistry registry = new FakeRegistry();
  private final List<RegistryClient> clients = new ArrayList<>();
  private final AtomicInteger tokens = new AtomicInteger();
  private volatile String valid = "";

  @AfterEach
  void close() {
    clients.forEach(RegistryClient::close);
    registry.close();
  }

  private RegistryClient as(Credential credential) {
    return keep(client().credentials(_ -> credential).build());
  }

  private RegistryClient keep(RegistryClient client) {
    clients.add(client);
    return client;
  }

  /// Wants a bearer token from a realm; the last one given is the one that is valid.
  private void wantTokens(String realm, int expiresIn) {
    registry.fault(
        (call, answer) ->
            call.path().startsWith("/v2/")
                && !call.header("Authorization").equals("Bearer " + valid)
                && answer
                    .header("WWW-Authenticate", "Bearer realm=\"" + realm + "\",service=\"fake\",scope=\"repository:app:pull\"")
                    .send(401, FakeRegistry.error("UNAUTHORIZED", "authentication required")));
    registry.fault((call, answer) -> call.path().equals("/token") && answer.send(200, newToken(expiresIn)));
  }

  private String newToken(int expiresIn) {
    valid = "token-" + tokens.incrementAndGet();
    return "{\"access_token\":\"" + valid + "\",\"expires_in\":" + expiresIn + "}";
  }

  private String realm() {
    return "http://" + registry.host() + "/token";
  }

  @Test
  void getsATokenForNobody() throws Exception {
    var manifest = addImage(registry, "app:1", 1);
    wantTokens(realm(), 300);
    var client = as(Credential.ANONYMOUS);
    var reference = registry.reference("app:1");
    assertThat(client.fetch(reference).document()).isEqualTo(manifest);
    client.fetchBlobs(reference, manifest.layers(), (_, content) -> content.readAllBytes());
    assertThat(registry.calls("GET", "/token")).containsExactly("/token?service=fake&scope=repository%3Aapp%3Apull");
    assertThat(registry.calls.stream().filter(call -> call.path().equals("/token")).toList().getFirst().headers())
        .doesNotContainKey("authorization");
  }

  @Test
  void getsATokenForAUser() throws Exception {
    addImage(registry, "app:1", 1);
    wantTokens(realm(), 300);
    as(PASSWORD).fetch(registry.reference("app:1"));
    var asked = registry.calls.stream().filter(call -> call.path().equals("/token")).toList();
    assertThat(asked).hasSize(1);
    assertThat(asked.getFirst().header("Authorization")).isEqualTo(BASIC);
    assertThat(asked.getFirst().query("account")).isEqualTo("me");
  }

  @Test
  void exchangesAnIdentityToken() throws Exception {
    addImage(registry, "app:1", 1);
    wantTokens(realm(), 300);
    as(new Credential.IdentityToken("re/fresh")).fetch(registry.reference("app:1"));
    var asked = registry.calls.stream().filter(call -> call.path().equals("/token")).toList().getFirst();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(new String(asked.body(), UTF_8))
        .contains("grant_type=refresh_token", "refresh_token=re%2Ffresh", "scope=repository%3Aapp%3Apull", "service=fake");
  }

  @Test
  void sendsARegistryTokenAsItIs() throws Exception {
    addImage(registry, "app:1", 1);
    valid = "fixed";
    wantTokens(realm(), 300);
    as(new Credential.RegistryToken("fixed")).fetch(registry.reference("app:1"));
    assertThat(registry.calls("GET", "/token")).isEmpty();
  }

  @Test
  void usesBasicWhereTheRegistryWantsIt() throws Exception {
    addImage(registry, "app:1", 1);
    wantBasic();
    as(PASSWORD).fetch(registry.reference("app:1"));
    as(PASSWORD).check(registry.host());
    assertFails(() -> as(Credential.ANONYMOUS).fetch(registry.reference("app:1")), ErrorKind.UNAUTHORIZED)
        .hasMessageContaining("log in to the registry");
    assertFails(() -> as(new Credential.Password("me", "wrong")).check(registry.host()), ErrorKind.UNAUTHORIZED)
        .hasMessageNotContaining("wrong,");
  }

  private void wantBasic() {
    registry.fault(
        (call, answer) ->
            !call.header("Authorization").equals(BASIC)
                && answer.header("WWW-Authenticate", "Negotiate abc==, Basic realm=\"x, y\"").send(401));
  }

  @Test
  void refreshesATokenThatIsRefusedInTheMiddleOfAPull() throws Exception {
    var manifest = addImage(registry, "app:1", 1);
    wantTokens(realm(), 300);
    var client = as(PASSWORD);
    var reference = registry.reference("app:1");
    client.fetch(reference);
    valid = "revoked";
    client.fetchBlobs(reference, manifest.layers(), (_, content) -> content.readAllBytes());
    assertThat(tokens).hasValue(2);
  }

  @Test
  void refreshesATokenBeforeItExpires() throws Exception {
    addImage(registry, "app:1", 1);
    wantTokens(realm(), 100);
    var now = new AtomicReference<>(Instant.parse("2026-11-24T00:00:00Z"));
    var client = keep(client().credentials(_ -> PASSWORD).clock(clock(now)).build());
    client.fetch(registry.reference("app:1"));
    now.set(now.get().plusSeconds(89));
    client.fetch(registry.reference("app:1"));
    assertThat(tokens).hasValue(1);
    now.set(now.get().plusSeconds(2));
    client.fetch(registry.reference("app:1"));
    assertThat(tokens).hasValue(2);
    // The probe of the scheme, and the first request: nothing was refused later.
    assertThat(registry.calls.stream().filter(call -> call.path().contains("/manifests/")).count()).isEqualTo(4);
  }

  @Test
  void doesNotTurnInCircles() {
    registry.fault(
        (call, answer) ->
            call.path().startsWith("/v2/app")
                && answer.header("WWW-Authenticate", "Bearer realm=\"" + realm() + "\"").send(401));
    registry.fault((call, answer) -> call.path().equals("/token") && answer.send(200, newToken(300)));
    assertFails(() -> as(PASSWORD).fetch(registry.reference("app:1")), ErrorKind.UNAUTHORIZED);
    assertThat(registry.calls("GET", "/manifests/")).hasSize(2);
    assertThat(registry.calls("GET", "/token")).hasSize(1);
  }

  @Test
  void fetchesOneTokenForManyRequests() throws Exception {
    var blobs = new ArrayList<Descriptor>();
    for (var i = 0; i < 20; i++) {
      blobs.add(registry.addBlob(MediaType.OCI_LAYER_GZIP, random(i, 100)));
    }
    wantTokens(realm(), 300);
    var client = keep(client().credentials(_ -> PASSWORD).concurrentBlobs(20).build());
    client.fetchBlobs(registry.reference("app:1"), blobs, (_, content) -> content.readAllBytes());
    assertThat(tokens).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://auth.example.com/token", "ftp://auth.example.com/token", "https://user:pw@auth.example.com/token", "not a url",
        "/token", "https://169.254.169.254/token", "https://10.0.0.1/token", "https://[fd00::1]/token", "https://[::1]/token",
        "https://0.0.0.0/token", "https://100.64.1.1/token", "https://localhost/token", "http://localhost:1/token",
        "file:///etc/passwd",
      })
  void refusesARealmWhereCredentialsMustNotGo(String realm) {
    wantTokens(realm, 300);
    assertFails(() -> as(PASSWORD).fetch(registry.reference("app:1")), ErrorKind.UNAUTHORIZED)
        .hasMessageContaining("no token is asked for at the realm");
    assertFails(() -> as(Credential.ANONYMOUS).fetch(registry.reference("app:1")), ErrorKind.UNAUTHORIZED);
  }

  @Test
  void asksForTheCredentialAnewWhenItWasRefused() throws Exception {
    addImage(registry, "app:1", 1);
    wantBasic();
    var known = new AtomicReference<Credential>(Credential.ANONYMOUS);
    var client = keep(client().credentials(_ -> known.get()).build());
    assertFails(() -> client.fetch(registry.reference("app:1")), ErrorKind.UNAUTHORIZED);
    known.set(PASSWORD); // Another process has logged in.
    client.fetch(registry.reference("app:1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:PORT/token", "https://10.0.0.1/token", "https://169.254.169.254/", "https://localhost/", "ftp://example.com/"})
  void refusesARealmThatRedirectsWhereItMustNotBe(String target) {
    wantTokens(realm(), 300);
    registry.faults.addFirst(
        (call, answer) ->
            call.path().equals("/token")
                && call.header("Host").startsWith("127.")
                && answer.header("Location", target.replace("PORT", Integer.toString(registry.port()))).send(302));
    for (var credential : List.of(Credential.ANONYMOUS, PASSWORD)) {
      assertFails(() -> as(credential).fetch(registry.reference("app:1")), target.startsWith("ftp") ? ErrorKind.IO : ErrorKind.UNAUTHORIZED);
    }
    assertThat(registry.calls).noneMatch(call -> call.header("Host").startsWith("localhost"));
  }

  @Test
  void followsARealmToAnotherPlaceOfItsOwn() throws Exception {
    addImage(registry, "app:1", 1);
    wantTokens(realm(), 300);
    registry.faults.addFirst(
        (call, answer) -> call.path().equals("/token") && call.query("moved").isEmpty() && answer.header("Location", "/token?moved=yes").send(302));
    as(PASSWORD).fetch(registry.reference("app:1"));
    assertThat(tokens).hasValue(1);
  }

  @Test
  void asksAtAPrivateRealmThatTheConfigurationNames() throws Exception {
    addImage(registry, "app:1", 1);
    wantTokens("http://localhost:" + registry.port() + "/token", 300);
    var access = new RegistryConfig.Access(false, List.of(), List.of(), null, List.of("localhost"));
    var config = RegistryConfig.NONE.with(registry.host(), access);
    var client = keep(client().credentials(_ -> PASSWORD).config(config).build());
    client.fetch(registry.reference("app:1"));
    assertThat(tokens).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "", "{\"token\":\"a\\r\\nX: y\"}", "{\"token\":5}", "{\"token\":\"\"}"})
  void refusesAnAnswerThatIsNoToken(String body) {
    wantTokens(realm(), 300);
    registry.faults.addFirst((call, answer) -> call.path().equals("/token") && answer.send(200, body));
    assertFails(() -> as(PASSWORD).fetch(registry.reference("app:1")), ErrorKind.CORRUPT)
        .hasMessageContaining("token");
  }

  @Test
  void boundsTheAnswerOfARealm() {
    wantTokens(realm(), 300);
    registry.faults.addFirst(
        (call, answer) -> call.path().equals("/token") && answer.send(200, "{\"token\":\"" + "x".repeat(70_000) + "\"}"));
    assertFails(() -> as(PASSWORD).fetch(registry.reference("app:1")), ErrorKind.CORRUPT)
        .hasMessageContaining("longer than 65536 bytes");
  }

  @Test
  void saysThatTheRealmRefusedWithoutShowingSecrets() {
    wantTokens(realm(), 300);
    registry.faults.addFirst((call, answer) -> call.path().equals("/token") && answer.send(401, "{\"details\":\"bad\"}"));
    assertFails(() -> as(PASSWORD).fetch(registry.reference("app:1")), ErrorKind.UNAUTHORIZED)
        .hasMessageStartingWith("GET http://" + registry.host() + "/token: 401 Unauthorized")
        .hasMessageNotContaining("s3cret");
    assertThat(PASSWORD.toString()).doesNotContain("s3cret");
    assertThat(new Credential.IdentityToken("s3cret").toString()).doesNotContain("s3cret");
  }

  @Test
  void sendsCredentialsToNoOtherHostThanTheirs() throws Exception {
    var blob = Descriptor.of(MediaType.OCI_LAYER_GZIP, random(1, 100));
    wantBasic();
    try (var elsewhere = new FakeRegistry()) {
      registry.fault(
          (call, answer) ->
              call.path().contains("/blobs/") && answer.header("Location", "http://" + elsewhere.host() + "/x").send(307));
      elsewhere.fault((_, answer) -> answer.send(200, random(1, 100)));
      assertThat(as(PASSWORD).fetchBlob(registry.reference("app:1"), blob)).hasSize(100);
      assertThat(elsewhere.calls).hasSize(1);
      assertThat(elsewhere.calls.getFirst().headers()).doesNotContainKey("authorization");
      // Nor when the other host asks for them.
      elsewhere.faults.addFirst((_, answer) -> answer.header("WWW-Authenticate", "Basic realm=\"gimme\"").send(401));
      assertFails(() -> as(PASSWORD).fetchBlob(registry.reference("app:1"), blob), ErrorKind.UNAUTHORIZED);
      assertThat(elsewhere.calls).allSatisfy(call -> assertThat(call.headers()).doesNotContainKey("authorization"));
    }
  }

  @Test
  void sendsNoCredentialsOverPlainHttpToAnotherMachine() throws Exception {
    // The fake registry is the proxy that leads to the other machine.
    addImage(registry, "app:1", 1);
    registry.fault((call, answer) -> call.method().equals("CONNECT") && answer.send(502));
    registry.fault(
        (call, answer) ->
            call.target().startsWith("http://registry.test/")
                && answer.header("WWW-Authenticate", "Basic realm=\"x\"").send(401));
    var access = RegistryConfig.Access.ofInsecure().withProxy(URI.create("http://" + registry.host()));
    var config = RegistryConfig.NONE.with("registry.test", access);
    var client = keep(client().credentials(_ -> PASSWORD).config(config).build());
    assertFails(() -> client.fetch(ImageReference.of("registry.test/app:1")), ErrorKind.UNAUTHORIZED)
        .hasMessageContaining("which are not sent over plain HTTP");
    assertThat(registry.calls).isNotEmpty().allSatisfy(call -> assertThat(call.headers()).doesNotContainKey("authorization"));
  }

  @Test
  void tellsAProxyItsOwnPassword() throws Exception {
    var manifest = addImage(registry, "app:1", 1);
    registry.fault((call, answer) -> call.method().equals("CONNECT") && answer.send(502));
    registry.fault(
        (call, answer) ->
            call.target().startsWith("http://registry.test/v2/app/manifests/")
                && answer.header("Content-Type", manifest.mediaType()).send(200, manifest.toBytes()));
    var proxy = URI.create("http://proxy-user:proxy-pass@" + registry.host());
    var config =
        new RegistryConfig(List.of(), List.of(), new Proxies(proxy, proxy, List.of("direct.test")))
            .with("registry.test", RegistryConfig.Access.ofInsecure());
    var client = keep(client().config(config).build());
    assertThat(client.fetch(ImageReference.of("registry.test/app:1")).document()).isEqualTo(manifest);
    var expected = "Basic " + Base64.getEncoder().encodeToString("proxy-user:proxy-pass".getBytes(UTF_8));
    assertThat(registry.calls.getLast().header("Proxy-Authorization")).isEqualTo(expected);
  }

  private static Clock clock(AtomicReference<Instant> now) {
    return new Clock() {
      @Override
      public Instant instant() {
        return now.get();
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertFails(ThrowingCallable code, ErrorKind kind) {
    return assertThatThrownBy(code)
        .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }
}
