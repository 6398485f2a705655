package io.containerkit.image;

import static io.containerkit.image.TestImages.addImage;
import static io.containerkit.image.TestImages.client;
import static io.containerkit.image.TestImages.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.image.RegistryConfig.Access;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.RegistryException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A real registry that wants client certificates, and one that speaks plain HTTP, behind each kind of proxy. Their names,
/// `*.test`, are known to no DNS.
class ProxyIT {

  private static final String LOGIN = "user:s3cr:t";
  private static final String ENCODED = "user:s3cr%3At";

  @TempDir private static Path directory;
  private static TestAuthority authority;
  private static DockerRegistry registry;
  private static FakeRegistry plain;

  @BeforeAll
  static void start() throws Exception {
    authority = TestAuthority.create(directory.resolve("authority"));
    registry = DockerRegistry.forClientsOf(authority, directory.resolve("registry"));
    plain = new FakeRegistry();
  }

  @AfterAll
  static void stop() {
    registry.close();
    plain.close();
  }

  private static Access secured() {
    return Access.ofAuthorities(authority.authorityFile())
        .withClientCertificate(new ClientCertificate(authority.certificate(), authority.key()));
  }

  private static RegistryClientBuilder through(URI proxy, String host, Access access) {
    return client().config(RegistryConfig.NONE.with(host, access.withProxy(proxy)));
  }

  private static void awaitNoConnection(TestProxy proxy) {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (proxy.openConnections() > 0 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(proxy.openConnections()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"http, ''", "https, ''", "socks5, ''", "socks5h, ''", "http, " + LOGIN, "https, " + LOGIN, "socks5, " + LOGIN})
  void leadsToARegistryThatSpeaksTls(String scheme, String login) throws Exception {
    try (var proxy = TestProxy.of(scheme, authority, registry.port()).wants(login)) {
      var host = "registry.test:" + registry.port();
      try (var client = through(proxy.uri(login.isEmpty() ? "" : ENCODED), host, secured()).uploadChunk(4 << 20).build()) {
        var reference = ImageReference.of(host + "/" + scheme + "/app:1");
        var content = random(scheme.length() + login.length(), 9 << 20);
        var blob = Descriptor.of(MediaType.OCI_LAYER, content);
        client.pushBlob(reference, blob, BlobContent.of(content));
        try (var in = client.openBlob(reference, blob)) {
          assertThat(in.readAllBytes()).isEqualTo(content);
        }
      }
      assertThat(proxy.asked).isNotEmpty().allSatisfy(asked -> assertThat(asked).contains(host));
      awaitNoConnection(proxy);
    }
  }

  @ParameterizedTest
  @CsvSource({"http, ''", "https, ''", "socks5, ''", "http, " + LOGIN, "https, " + LOGIN, "socks5, " + LOGIN})
  void leadsToARegistryThatSpeaksPlainHttp(String scheme, String login) throws Exception {
    var manifest = addImage(plain, "app:1", 1);
    try (var proxy = TestProxy.of(scheme, authority, plain.port()).wants(login)) {
      var access = Access.ofAuthorities(authority.authorityFile()).withInsecure();
      try (var client = through(proxy.uri(login.isEmpty() ? "" : ENCODED), "plain.test", access).build()) {
        var reference = ImageReference.of("plain.test/app:1");
        assertThat(client.fetch(reference).document()).isEqualTo(manifest);
        client.fetchBlobs(reference, manifest.layers(), (blob, in) -> assertThat(in.readAllBytes()).hasSize((int) blob.size()));
        var pushed = random(5, 100_000);
        client.pushBlob(reference, Descriptor.of(MediaType.OCI_LAYER, pushed), BlobContent.of(pushed));
        assertThat(plain.blobs.get(Digest.sha256(pushed).toString())).isEqualTo(pushed);
      }
      assertThat(proxy.asked).anySatisfy(asked -> assertThat(asked).contains("plain.test"));
      assertThat(plain.calls).allSatisfy(call -> assertThat(call.headers()).doesNotContainKey("proxy-authorization"));
      awaitNoConnection(proxy);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http, '', wants a name and password: http://name:password@",
    "http, user:secret, refuses the name and password",
    "https, user:secret, refuses the name and password",
    "socks5, '', wants a name and password: socks5://name:password@",
    "socks5, user:secret, refuses the name and password",
  })
  void saysInOneLineThatTheProxyWantsAnotherPasswordAndAsksOnce(String scheme, String login, String why) throws Exception {
    try (var proxy = TestProxy.of(scheme, authority, registry.port()).wants(LOGIN);
        var client = through(proxy.uri(login), "registry.test", secured()).build()) {
      assertThatThrownBy(() -> client.check("registry.test"))
          .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNAUTHORIZED))
          .hasMessageStartingWith("GET https://registry.test/v2/: the proxy " + scheme + "://" + proxy.host() + " " + why)
          .hasStackTraceContaining(why)
          .satisfies(e -> assertThat(Throwables.getStackTrace(e)).doesNotContain("secret", "user"));
      assertThat(proxy.connections).hasValue(1);
    }
    try (var proxy = TestProxy.of(scheme, authority, plain.port()).wants(LOGIN);
        var client = through(proxy.uri(login), "plain.test", Access.ofAuthorities(authority.authorityFile()).withInsecure()).build()) {
      assertThatThrownBy(() -> client.check("plain.test")).hasMessageContaining("GET http").hasMessageContaining(why);
    }
  }

  @Test
  void anHttpsProxyHasToProveWhoItIs() throws Exception {
    try (var proxy = TestProxy.of("https", authority, plain.port())) {
      // An insecure registry does not make an insecure proxy.
      try (var client = through(proxy.uri("user:secret"), "plain.test", Access.ofInsecure()).build()) {
        assertThatThrownBy(() -> client.check("plain.test"))
            .hasMessageContaining("the proxy https://" + proxy.host() + " has a certificate that is not trusted; put its authority into certs.d/");
      }
      var otherName = URI.create(proxy.uri("").toString().replace("127.0.0.1", "localhost"));
      try (var client = through(otherName, "registry.test", secured()).build()) {
        assertThatThrownBy(() -> client.check("registry.test")).hasMessageContaining("has a certificate that is not trusted");
      }
      assertThat(proxy.asked).isEmpty();

      var certificates = Files.createDirectories(directory.resolve("etc/docker/certs.d/" + proxy.host()));
      Files.copy(authority.authorityFile(), certificates.resolve("ca.crt"));
      var config = RegistryConfig.host(Map.of("all_proxy", proxy.uri("").toString()), directory, directory.resolve("etc"));
      try (var client = client().config(config.withInsecure("plain.test")).build()) {
        client.check("plain.test");
      }
      assertThat(proxy.asked).contains("GET http://plain.test/v2/ HTTP/1.1");
    }
  }

  @Test
  void closingTheClientEndsWhatAProxyHolds() throws Exception {
    try (var proxy = TestProxy.hanging("socks5")) {
      var client = through(proxy.uri(""), "registry.test", secured()).timeouts(new Timeouts(
          Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1))).build();
      var asking = Thread.ofVirtual().start(() -> assertThatThrownBy(() -> client.check("registry.test")).isInstanceOf(RegistryException.class));
      while (proxy.openConnections() == 0) {
        Thread.onSpinWait();
      }
      client.close();
      assertThat(asking.join(Duration.ofSeconds(5))).isTrue();
      awaitNoConnection(proxy);
    }
  }

  @Test
  void interruptingARequestEndsWhatAProxyHolds() throws Exception {
    try (var proxy = TestProxy.hanging("http");
        var client = through(proxy.uri(""), "registry.test", secured()).timeouts(new Timeouts(
            Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1))).build()) {
      var asking = Thread.ofVirtual().start(() -> assertThatThrownBy(() -> client.check("registry.test")).isInstanceOf(InterruptedException.class));
      while (proxy.openConnections() == 0) {
        Thread.onSpinWait();
      }
      asking.interrupt();
      assertThat(asking.join(Duration.ofSeconds(5))).isTrue();
      awaitNoConnection(proxy);
    }
  }
}
