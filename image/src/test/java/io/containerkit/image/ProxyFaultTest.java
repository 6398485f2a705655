package io.containerkit.image;

import static io.containerkit.image.TestImages.client;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.containerkit.image.RegistryConfig.Access;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.RegistryException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Proxies that refuse, hang and lie. Each gets one line that names it, and as many requests as can help.
class ProxyFaultTest {

  private static final Timeouts PATIENT =
      new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10));

  private static RegistryClient through(URI proxy, Timeouts timeouts) {
    return client().timeouts(timeouts).config(RegistryConfig.NONE.with("registry.test", Access.DEFAULT.withProxy(proxy))).build();
  }

  private static void fails(TestProxy proxy, ErrorKind kind, String why, int connections) {
    try (proxy; var client = through(proxy.uri(""), PATIENT)) {
      assertThatThrownBy(() -> client.check("registry.test"))
          .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.kind()).isEqualTo(kind))
          .hasMessageMatching("GET https://registry.test/v2/: the proxy [a-z5]+://" + proxy.host() + " .*")
          .hasMessageContaining(why);
      assertThat(proxy.connections).hasValue(connections);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "403 Forbidden by rule 7, UNAUTHORIZED, does not connect to registry.test:443: 403 Forbidden by rule 7, 1",
    "502 Bad Gateway, IO, does not connect to registry.test:443: 502 Bad Gateway, 4",
    "301 Elsewhere, IO, does not connect to registry.test:443: 301 Elsewhere, 4",
    "401 Say who you are, UNAUTHORIZED, does not connect to registry.test:443: 401, 1",
    "100 Continue, IO, does not connect to registry.test:443: 100 Continue, 4",
  })
  void anHttpProxyRefuses(String status, ErrorKind kind, String why, int connections) {
    // The realm must not become that of the registry.
    var answer = "HTTP/1.1 " + status + "\r\nLocation: http://x/\r\nWWW-Authenticate: Bearer realm=\"https://evil.test/\"\r\n\r\n";
    fails(TestProxy.playing("http", (_, _, in, out) -> {
      HttpHead.read(in);
      out.write(answer.getBytes(US_ASCII));
    }), kind, why, connections);
  }

  @ParameterizedTest
  @CsvSource({
    "SSH-2.0-OpenSSH_9\\r\\n\\r\\n, UNSUPPORTED, 'does not speak HTTP: not an answer in HTTP/1.1: \"SSH-2.0-OpenSSH_9\"', 1",
    "HTTP/1.1 200 OK\\r\\n folded: x\\r\\n\\r\\n, UNSUPPORTED, does not speak HTTP: a header goes on in a second line, 1",
    "HTTP/1.1 200 O, IO, closed the connection instead of answering, 4",
    "'', IO, closed the connection instead of answering, 4",
  })
  void anHttpProxyLies(String answer, ErrorKind kind, String why, int connections) {
    fails(TestProxy.playing("http", (_, _, in, out) -> {
      HttpHead.read(in);
      out.write(answer.replace("\\r\\n", "\r\n").getBytes(US_ASCII));
    }), kind, why, connections);
  }

  @Test
  void anHttpProxyAnswersWithoutEnd() {
    fails(TestProxy.playing("http", (_, _, in, out) -> {
      HttpHead.read(in);
      out.write("HTTP/1.1 200 OK\r\n".getBytes(US_ASCII));
      while (true) {
        out.write("a: b\r\n".repeat(1000).getBytes(US_ASCII));
      }
    }), ErrorKind.UNSUPPORTED, "the headers are longer than", 1);
  }

  @ParameterizedTest
  @CsvSource({
    "0502, UNSUPPORTED, chose a way to log in that was not offered: 2, 1",
    "0501, UNSUPPORTED, chose a way to log in that was not offered: 1, 1",
    "05ff, UNAUTHORIZED, 'wants a name and password', 1",
    "0400, UNSUPPORTED, does not speak SOCKS 5, 1",
    "48545450, UNSUPPORTED, does not speak SOCKS 5, 1",
    "05, IO, closed the connection instead of answering, 4",
    "0500 05020001000000000000, UNAUTHORIZED, does not connect to registry.test:443: its rules forbid it, 1",
    "0500 05050001000000000000, IO, does not connect to registry.test:443: connection refused, 4",
    "0500 05040001000000000000, IO, does not connect to registry.test:443: the host is unreachable or unknown, 4",
    "0500 05630001000000000000, IO, does not connect to registry.test:443: reply 99, 4",
    "0500 05000009000000000000, UNSUPPORTED, answered with an address of no known type: 9, 1",
    "0500 050000010000, IO, closed the connection instead of answering, 4",
  })
  void aSocksProxyRefusesAndLies(String answer, ErrorKind kind, String why, int connections) {
    fails(TestProxy.playing("socks5", (_, client, in, out) -> {
      in.readNBytes(3);
      out.write(HexFormat.of().parseHex(answer.replace(" ", "")));
      client.shutdownOutput();
      in.transferTo(OutputStream.nullOutputStream());
    }), kind, why, connections);
  }

  @Test
  void aProxyThatDoesNotSpeakTlsIsNotSpokenToWithoutIt() {
    var answer = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII);
    fails(TestProxy.answering("https", answer), ErrorKind.IO, "cannot be spoken to over TLS (", 4);
  }

  @ParameterizedTest
  @CsvSource({"http", "https", "socks5"})
  void aProxyThatSaysNothingIsGivenUp(String scheme) {
    var hasty = new Timeouts(Duration.ofMillis(100), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5));
    try (var proxy = TestProxy.hanging(scheme); var client = through(proxy.uri(""), hasty)) {
      assertThatThrownBy(() -> client.check("registry.test"))
          .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.TIMED_OUT))
          .hasMessageMatching(".*the proxy " + scheme + "://127.0.0.1:[0-9]+ (does not answer within 100 ms|did not answer in time)");
      assertThat(proxy.connections).hasValue(4);
    }
  }

  @Test
  void aProxyThatIsNotThereIsNamed() throws Exception {
    int unused;
    try (var socket = new ServerSocket(0)) {
      unused = socket.getLocalPort();
    }
    try (var client = through(URI.create("socks5://u:secret@127.0.0.1:" + unused), PATIENT)) {
      assertThatThrownBy(() -> client.check("registry.test"))
          .hasMessage("GET https://registry.test/v2/: the proxy socks5://127.0.0.1:" + unused + " cannot be reached: Connection refused");
    }
    try (var client = through(URI.create("http://u:secret@proxy.invalid"), PATIENT)) {
      assertThatThrownBy(() -> client.check("registry.test"))
          .hasMessage("GET https://registry.test/v2/: the proxy http://proxy.invalid cannot be found: there is no host of this name");
    }
  }

  @Test
  void namesAndPasswordsThatSocksCannotCarryAreRefused() {
    try (var proxy = TestProxy.playing("socks5", (_, _, in, out) -> {
          in.readNBytes(4);
          out.write(new byte[] {5, 2});
          in.transferTo(OutputStream.nullOutputStream());
        });
        var client = through(proxy.uri("u:" + "s".repeat(256)), PATIENT)) {
      assertThatThrownBy(() -> client.check("registry.test"))
          .hasMessageContaining("cannot be used: the password for it has 256 bytes, not 1 to 255")
          .hasMessageNotContaining("sss");
    }
  }

  @Test
  void nobodyElseCanUseTheBridge() throws Exception {
    var bridge = new ProxyBridge(Duration.ofSeconds(5));
    try (var proxy = TestProxy.hanging("http")) {
      String authorization;
      try (var passage = bridge.open(ProxyServer.of(proxy.uri("u:secret")), null)) {
        authorization = passage.authorization();
        for (var stranger : new String[] {"", "Basic dTpzZWNyZXQ=", "Passage 00000000-0000-0000-0000-000000000000"}) {
          assertThat(said(bridge, stranger)).startsWith("HTTP/1.1 407 ");
        }
      }
      assertThat(said(bridge, authorization)).as("after the request").startsWith("HTTP/1.1 407 ");
      assertThat(proxy.connections).hasValue(0);
    }
    var address = bridge.address();
    assertThat(address.getAddress().isLoopbackAddress()).isTrue();
    bridge.close();
    awaitNobodyListening(address);
    assertThatThrownBy(() -> bridge.open(ProxyServer.of(URI.create("http://x")), null)).isInstanceOf(IOException.class);
  }

  /// The JDK closes a socket that a virtual thread waits at when that thread has woken up.
  private static void awaitNobodyListening(InetSocketAddress address) throws IOException {
    var deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    while (System.nanoTime() < deadline) {
      try (var socket = new Socket(address.getAddress(), address.getPort())) {
        assertThat(socket.getInputStream().read()).isNegative();
      } catch (ConnectException _) {
        return;
      } catch (SocketException _) {
        // Was still waiting to be accepted, and is cut off.
      }
    }
    fail("somebody still listens on " + address);
  }

  private static String said(ProxyBridge bridge, String authorization) throws IOException {
    try (var socket = new Socket(bridge.address().getAddress(), bridge.address().getPort())) {
      socket.getOutputStream().write(("CONNECT a.test:443 HTTP/1.1\r\nProxy-Authorization: " + authorization + "\r\n\r\n").getBytes(US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }
  }
}
