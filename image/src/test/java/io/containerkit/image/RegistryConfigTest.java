package io.containerkit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.spec.ContainerException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.SpecException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryConfigTest {

  @TempDir private Path directory;

  private RegistryConfig config(String text) throws IOException {
    return RegistryConfig.of(Files.writeString(directory.resolve("registries.conf"), text));
  }

  private static List<String> places(RegistryConfig config, String reference) {
    return config.pullFrom(ImageReference.of(reference)).stream().map(Endpoint::toString).toList();
  }

  @Test
  void readsWhatPodmanReadsAndWhatIsOurs() throws Exception {
    var config =
        config(
            """
            unqualified-search-registries = ["docker.io"] # not ours: left alone
            [[registry]]
            prefix = "docker.io"
            location = "docker.io"
            [[registry.mirror]]
            location = "mirror.local:5000/hub"
            insecure = true
            [[registry.mirror]]
            location = "digests.local"
            pull-from-mirror = "digest-only"
            [[registry]]
            location = "private.local"
            insecure = false
            ca = ["/etc/ssl/private.pem"]
            client-cert = "/etc/ssl/me.pem"
            client-key = "/etc/ssl/me.key"
            proxy = "http://proxy.local:3128"
            realms = ["auth.private.local"]
            [[registry]]
            prefix = "*.blocked.example"
            blocked = true
            [[registry]]
            prefix = "old.example/team"
            location = "new.example/archive/team"
            """);
    assertThat(places(config, "alpine")).containsExactly("mirror.local:5000/hub/library/alpine", "docker.io/library/alpine");
    assertThat(places(config, "alpine@sha256:" + "0".repeat(64)))
        .containsExactly("mirror.local:5000/hub/library/alpine", "digests.local/library/alpine", "docker.io/library/alpine");
    assertThat(config.pullFrom(ImageReference.of("alpine")).getFirst().access().insecure()).isTrue();
    assertThat(config.origin(ImageReference.of("private.local/x")).access())
        .isEqualTo(
            new RegistryConfig.Access(
                false,
                List.of(Path.of("/etc/ssl/private.pem")),
                List.of(new ClientCertificate(Path.of("/etc/ssl/me.pem"), Path.of("/etc/ssl/me.key"))),
                URI.create("http://proxy.local:3128"),
                List.of("auth.private.local")));
    assertThat(places(config, "old.example/team/app:1")).containsExactly("new.example/archive/team/app");
    assertThat(places(config, "old.example/teams/app:1")).containsExactly("old.example/teams/app");
    assertThatThrownBy(() -> places(config, "a.blocked.example/x"))
        .isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.PERMISSION_DENIED))
        .hasMessage("a.blocked.example/x is blocked by the configuration of registries (prefix *.blocked.example)");
    assertThat(places(config, "blocked.example/x")).hasSize(1);
  }

  @Test
  void theLongestPrefixDecides() throws Exception {
    var config =
        config(
            """
            [[registry]]
            prefix = "a.example"
            location = "short.example"
            [[registry]]
            prefix = "a.example/b"
            location = "long.example"
            """);
    assertThat(places(config, "a.example/b/c")).containsExactly("long.example/c");
    assertThat(places(config, "a.example/bc/d")).containsExactly("short.example/bc/d");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[[registry]]\\ninsecure = true | /registry/0/prefix",
        "[[registry]]\\nprefix = 5 | /registry/0/prefix",
        "[[registry]]\\nprefix = 'a.b'\\ninsecur = true | /registry/0/insecur",
        "[[registry]]\\nprefix = '*.b'\\nlocation = 'c' | /registry/0/location",
        "[[registry]]\\nprefix = 'a.b'\\n[[registry.mirror]]\\nlocation = 'm'\\npull-from-mirror = 'x' | /registry/0/mirror/0/pull-from-mirror",
        "[[registry]]\\nprefix = 'a.b'\\n[[registry.mirror]]\\ninsecure = true | /registry/0/mirror/0/location",
        "[[registry]]\\nprefix = 'a.b'\\nclient-cert = 'c' | /registry/0/client-key",
        "[[registry]]\\nprefix = 'a.b'\\nclient-key = 'k' | /registry/0/client-cert",
        "registry = 'x' | /registry",
        "[registries.block]\\nregistries = ['a.b'] | /registries",
        "not toml at all | ''",
      })
  void refusesMistakesAndNamesFileAndKey(String text, String pointer) {
    assertThatThrownBy(() -> config(text.replace("\\n", "\n")))
        .isInstanceOfSatisfying(SpecException.class, e -> assertThat(e.pointer()).isEqualTo(pointer))
        .hasMessageContaining("registries.conf");
  }

  @ParameterizedTest
  @CsvSource({
    "socks4://u:secret@h, a proxy cannot be of the kind \"socks4\"",
    "ftp://u:secret@h, a proxy cannot be of the kind \"ftp\"",
    "http://u:secret@h:99999, the address of the http proxy has no host and port that could be",
    "socks5://u:sec@secret@h, the address of the socks5 proxy has no host and port that could be",
    "http://u:sec ret@h, is not a URL",
  })
  void refusesAProxyThatItCannotUseWithoutShowingItsPassword(String proxy, String why) {
    assertThatThrownBy(() -> config("[[registry]]\nprefix='a.b'\nproxy='" + proxy + "'"))
        .isInstanceOf(ContainerException.class)
        .hasMessageContaining(why)
        .satisfies(RegistryConfigTest::showsNoSecret);
    for (var name : List.of("HTTPS_PROXY", "https_proxy", "all_proxy", "ALL_PROXY", "http_proxy")) {
      assertThatThrownBy(() -> Proxies.of(Map.of(name, proxy)))
          .isInstanceOf(ImageException.class)
          .hasMessageStartingWith(name + ": ")
          .hasMessageContaining(why)
          .satisfies(RegistryConfigTest::showsNoSecret);
    }
  }

  @Test
  void aFileThatIsNotTomlDoesNotShowItsSecrets() {
    for (var line : List.of("proxy = http://u:secret@h", "proxy = 'http://u:secret@h", "proxy = secret", "proxy = ['secret']",
        "[[registry]] secret")) {
      assertThatThrownBy(() -> config("[[registry]]\nprefix='a.b'\n" + line))
          .isInstanceOf(SpecException.class)
          .satisfies(RegistryConfigTest::showsNoSecret);
    }
  }

  private static void showsNoSecret(Throwable e) {
    assertThat(Throwables.getStackTrace(e)).doesNotContain("secret", "sec ret");
  }

  @Test
  void theHostsConfigurationIsTheFirstFileThatThereIs() throws Exception {
    var home = directory.resolve("home");
    var etc = directory.resolve("etc");
    assertThat(RegistryConfig.host(Map.of(), home, etc).registries()).isEmpty();
    for (var place : List.of(etc.resolve("containers"), home.resolve(".config/containers"), etc.resolve("containerkit"),
        home.resolve(".config/containerkit"))) {
      Files.createDirectories(place);
      Files.writeString(place.resolve("registries.conf"), "[[registry]]\nprefix = '" + place.hashCode() + ".x'");
      // In the order of preference, from last to first, but that etc/containerkit comes before the user's containers.
      var first = RegistryConfig.host(Map.of(), home, etc).registries().getFirst().prefix();
      var expected = place.equals(etc.resolve("containerkit")) || !place.startsWith(etc) || place.endsWith("containers") ? place : etc;
      assertThat(first).isEqualTo(expected.hashCode() + ".x");
    }
  }

  @Test
  void dropInsBlockWhateverTheMainFileSays() throws Exception {
    var home = directory.resolve("home");
    var etc = directory.resolve("etc");
    Files.createDirectories(etc.resolve("containers/registries.conf.d"));
    Files.createDirectories(home.resolve(".config/containerkit/registries.conf.d"));
    Files.createDirectories(etc.resolve("containerkit"));
    Files.writeString(etc.resolve("containerkit/registries.conf"), "[[registry]]\nprefix = 'evil.example'\n[[registry]]\nprefix = 'kept.example'\ninsecure = true");
    Files.writeString(etc.resolve("containers/registries.conf.d/20-block.conf"), "[[registry]]\nprefix = 'evil.example'\nblocked = true");
    Files.writeString(etc.resolve("containers/registries.conf.d/10-other.conf"), "[[registry]]\nprefix = 'evil.example'\ninsecure = true");
    Files.writeString(etc.resolve("containers/registries.conf.d/note.txt"), "not toml");
    var config = RegistryConfig.host(Map.of(), home, etc);
    assertThatThrownBy(() -> config.pullFrom(ImageReference.of("evil.example/app"))).hasMessageContaining("is blocked by the configuration of registries");
    assertThat(config.pullFrom(ImageReference.of("kept.example/app")).getFirst().access().insecure()).isTrue();

    Files.writeString(home.resolve(".config/containerkit/registries.conf.d/mine.conf"), "[[registry]]\nprefix = 'evil.example'");
    assertThat(RegistryConfig.host(Map.of(), home, etc).pullFrom(ImageReference.of("evil.example/app"))).hasSize(1);
  }

  @Test
  void certificatesComeFromTheDirectoryOfTheHost() throws Exception {
    var etc = directory.resolve("etc");
    var certs = Files.createDirectories(etc.resolve("docker/certs.d/reg.local:5000"));
    var crt = Files.createFile(certs.resolve("ca.crt"));
    Files.createFile(certs.resolve("README"));
    var own = Files.createDirectories(directory.resolve(".config/containers/certs.d/reg.local:5000"));
    var client = new ClientCertificate(Files.createFile(own.resolve("me.cert")), Files.createFile(own.resolve("me.key")));
    var config = RegistryConfig.host(Map.of(), directory, etc);
    var access = config.origin(ImageReference.of("reg.local:5000/x")).access();
    assertThat(access.authorities()).containsExactly(crt);
    assertThat(access.clientCertificates()).containsExactly(client);
    assertThat(config.origin(ImageReference.of("reg.local/x")).access()).isEqualTo(RegistryConfig.Access.DEFAULT);
  }

  @Test
  void acceptsNoHalfOfAClientCertificate() throws Exception {
    var etc = directory.resolve("etc");
    var certs = Files.createDirectories(etc.resolve("containers/certs.d/reg.local"));
    var config = RegistryConfig.host(Map.of(), directory, etc);
    var reference = ImageReference.of("reg.local/x");
    var cert = Files.createFile(certs.resolve("me.cert"));
    var key = certs.resolve("me.key");
    assertThatThrownBy(() -> config.origin(reference))
        .isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_CONFIG))
        .hasMessage(
            "the client certificate " + cert + " has no private key: there is no " + key
                + "; if it is an authority, let its name end in .crt");
    Files.move(cert, key);
    assertThatThrownBy(() -> config.origin(reference))
        .hasMessage("the private key " + key + " has no certificate: there is no " + cert);
  }

  @Test
  void noPasswordOfAProxyIsShown() {
    var proxy = URI.create("http://user:secret@proxy.local:3128");
    var config =
        new RegistryConfig(List.of(), List.of(), new Proxies(proxy, proxy, List.of()))
            .with("reg.local", RegistryConfig.Access.ofInsecure().withProxy(proxy));
    assertThat(config.toString()).contains("http://proxy.local:3128").doesNotContain("secret", "user");
    assertThat(config.origin(ImageReference.of("reg.local/x")).access().toString()).doesNotContain("secret", "user");
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.com, true", "http://a.com, true", "https://no.com, false", "https://sub.no.com, false", "https://xno.com, true",
    "https://dot.com, true", "https://a.dot.com, false", "https://star.com, true", "https://a.star.com, false",
    "https://10.1.2.3, false", "https://11.1.2.3, true", "https://port.com:8443, false", "https://port.com, true",
    "https://127.0.0.1:5000, false", "http://localhost, false", "https://[::1]:5000, false", "https://[fd00::7]/, false",
  })
  void proxiesFollowTheEnvironment(URI target, boolean proxied) {
    var proxies =
        Proxies.of(
            Map.of("https_proxy", "http://secure:3128", "HTTP_PROXY", "plain", "NO_PROXY",
                "no.com, .dot.com,*.star.com,10.0.0.0/8,port.com:8443,fd00::/8,"));
    var expected = target.getScheme().equals("https") ? "http://secure:3128" : "http://plain";
    assertThat(proxies.proxyFor(target).map(URI::toString)).isEqualTo(proxied ? Optional.of(expected) : Optional.empty());
    assertThat(Proxies.of(Map.of("http_proxy", "x", "no_proxy", "*")).proxyFor(URI.create("http://a.com"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "no.com, https://NO.com, true", "no.com, https://no.com., true", "no.com., https://a.no.com, true", "NO.com, https://no.com, true",
    "a.com no.com, https://no.com, true", "'a.com,	no.com', https://no.com, true", "no.com:443, https://a.no.com, true",
    "no.com:443, http://no.com, false", "no.com:80, http://no.com, true", ".no.com:5000, https://a.no.com:5000, true",
    ".no.com:5000, https://a.no.com:5001, false", "10.1.2.3, https://10.1.2.3:5000, true", "10.1.2.3:5000, https://10.1.2.3:5001, false",
    "1.2.3, https://0.1.2.3, false", "2.3, https://1.2.3.4, false", "fd00::7, 'https://[fd00:0::0007]:5000', true",
    "[fd00::7], 'https://[fd00::7]', true", "[fd00::7]:443, 'https://[fd00::7]', true", "[fd00::7]:443, 'https://[fd00::7]:5000', false",
    "fd00::/8, 'https://[fd00::7]', true", "10.0.0.0/33, https://10.0.0.1, false", "10.0.0.0/8, https://a10.com, false",
    "', ,', https://a.com, false", "*, https://a.com, true", "*.com, https://a.com, true", "com, https://acom, false",
  })
  void noProxyIsReadInEachForm(String noProxy, URI target, boolean direct) {
    var proxies = Proxies.of(Map.of("all_proxy", "http://p", "NO_PROXY", noProxy));
    assertThat(proxies.proxyFor(target).isEmpty()).isEqualTo(direct);
  }

  @Test
  void proxiesComeFromTheVariablesThatCurlAndGoKnow() {
    assertThat(Proxies.of(Map.of("ALL_PROXY", "socks5://all", "https_proxy", "https://one")))
        .isEqualTo(new Proxies(URI.create("socks5://all"), URI.create("https://one"), List.of()));
    assertThat(Proxies.of(Map.of("all_proxy", "a", "ALL_PROXY", "b", "HTTP_PROXY", "c", "http_proxy", "")))
        .isEqualTo(new Proxies(URI.create("http://c"), URI.create("http://a"), List.of()));
    // A CGI program gets the header "Proxy" of whoever asks it in HTTP_PROXY.
    assertThat(Proxies.of(Map.of("HTTP_PROXY", "evil", "REQUEST_METHOD", "GET"))).isEqualTo(Proxies.NONE);
    assertThat(Proxies.of(Map.of("http_proxy", "mine", "REQUEST_METHOD", "GET")).http()).hasHost("mine");
  }

  @Test
  void theAddressOfAProxyIsReadAsItIsWritten() {
    var proxy = ProxyServer.of(URI.create("SOCKS5H://us%40er:p%3A%2F%C3%A4@[::1]"));
    assertThat(proxy).hasToString("socks5://[::1]");
    assertThat(proxy.portOrDefault()).isEqualTo(1080);
    assertThat(proxy.login()).isEqualTo(new ProxyServer.Login("us@er", "p:/ä")).hasToString("Login[]");
    assertThat(ProxyServer.of(URI.create("https://user@h:3129/")).login()).isEqualTo(new ProxyServer.Login("user", ""));
    assertThat(ProxyServer.of(URI.create("https://h")).portOrDefault()).isEqualTo(443);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true", "10.9.8.7, true", "172.16.0.1, true", "172.32.0.1, false", "192.168.1.1, true", "169.254.169.254, true",
    "100.64.0.1, true", "100.128.0.1, false", "0.0.0.0, true", "224.0.0.1, true", "8.8.8.8, false", "[::1], true",
    "[fe80::1], true", "[fdab::1], true", "[2606:4700::1111], false", "[::ffff:10.0.0.1], true",
  })
  void privateAddressesAreKnown(String host, boolean isPrivate) {
    assertThat(Addresses.isPrivate(host)).isEqualTo(isPrivate);
  }

  @Test
  void retryAfterIsReadInEachForm() {
    var now = Instant.parse("2026-11-24T05:00:00Z");
    for (var form : List.of("90", "Tue, 24 Nov 2026 05:01:30 GMT", "Tuesday, 24-Nov-26 05:01:30 GMT", "Tue Nov 24 05:01:30 2026")) {
      assertThat(RetryAfter.parse(form, now)).as(form).hasValueSatisfying(pause -> assertThat(pause).hasSeconds(90));
    }
    assertThat(RetryAfter.parse("Tue, 24 Nov 2026 04:00:00 GMT", now)).hasValueSatisfying(p -> assertThat(p).isZero());
    assertThat(RetryAfter.parse("Sun Dec  6 05:00:00 2026", now)).hasValueSatisfying(p -> assertThat(p).hasDays(12));
    for (var nonsense : List.of("", "-1", "1.5", "tomorrow", "99999999999")) {
      assertThat(RetryAfter.parse(nonsense, now)).as(nonsense).isEmpty();
    }
  }

  @Test
  void challengesAreReadInEachForm() {
    var parsed =
        Challenge.parse(
            List.of(
                "Negotiate dG9rZW4=, Basic realm=\"a, \\\"b\\\"\"",
                "BEARER Realm=\"https://a/t\" , service = x,scope=\"s:a:pull,push s:b:pull\"",
                "Digest", "=\"", ""));
    assertThat(parsed).extracting(Challenge::scheme).containsExactly("negotiate", "basic", "bearer", "digest");
    assertThat(parsed.get(1).parameter("realm")).isEqualTo("a, \"b\"");
    assertThat(parsed.get(2).parameters())
        .isEqualTo(Map.of("realm", "https://a/t", "service", "x", "scope", "s:a:pull,push s:b:pull"));
  }

  @Test
  void pausesGrowAndAreBounded() {
    for (var i = 0; i < 100; i++) {
      assertThat(RetryPolicy.DEFAULT.delay(1).toMillis()).isBetween(125L, 250L);
      assertThat(RetryPolicy.DEFAULT.delay(3).toMillis()).isBetween(500L, 1000L);
      assertThat(RetryPolicy.DEFAULT.delay(1000).toMillis()).isBetween(5_000L, 10_000L);
    }
  }
}
