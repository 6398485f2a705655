package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// A connection to a proxy, and through it once it [leads somewhere][#connectTo]. To be closed by closing its TCP socket.
final class ProxyConnection {

  private final ProxyServer proxy;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  private ProxyConnection(ProxyServer proxy, Socket socket) throws IOException {
    this.proxy = proxy;
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  /// Connects to a proxy.
  ///
  /// @param tcp a socket that is not connected; it stays the caller's
  /// @param tls whom to trust if the proxy speaks TLS, else null
  /// @param timeout how long each step may take, until [#established()]
  static ProxyConnection open(ProxyServer proxy, Socket tcp, @Nullable SSLContext tls, Duration timeout) throws IOException {
    var millis = Math.toIntExact(timeout.toMillis());
    try {
      tcp.setTcpNoDelay(true);
      tcp.setSoTimeout(millis);
      tcp.connect(new InetSocketAddress(proxy.host(), proxy.portOrDefault()), millis);
      return new ProxyConnection(proxy, tls == null ? tcp : secured(proxy, tcp, tls));
    } catch (UnknownHostException e) {
      throw proxy.failed(ErrorKind.INVALID_CONFIG, "cannot be found: there is no host of this name", e);
    } catch (SSLException e) {
      throw proxy.failed(ErrorKind.IO, insecurity(proxy, e), e);
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      throw proxy.failed(ErrorKind.IO, "cannot be reached: " + Quoted.plain(String.valueOf(e.getMessage())), e);
    }
  }

  private static Socket secured(ProxyServer proxy, Socket tcp, SSLContext tls) throws IOException {
    var socket = (SSLSocket) tls.getSocketFactory().createSocket(tcp, proxy.host(), proxy.portOrDefault(), true);
    var parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS"); // Else any host's certificate would do.
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static String insecurity(ProxyServer proxy, SSLException e) {
    return (Failures.isDistrust(e)
            ? "has a certificate that is not trusted; put its authority into certs.d/" + proxy.authority() + "/NAME.crt ("
            : "cannot be spoken to over TLS (")
        + Quoted.plain(String.valueOf(e.getMessage()))
        + ")";
  }

  /// Has the proxy connect to a host: from here on the streams are those of a connection to it.
  void connectTo(String host, int port) throws IOException {
    if (proxy.kind() == ProxyServer.Kind.SOCKS5) {
      new Socks5(proxy, in, out).connect(host, port);
      return;
    }
    var target = host + ":" + port;
    var request = new HttpHead("CONNECT " + target + " HTTP/1.1", List.of("Host: " + target, "User-Agent: containerkit"));
    send(withLogin(request));
    var answer = HttpHead.read(in);
    var status = answer.status();
    if (status == 407) {
      throw proxy.unauthorized();
    }
    if (status < 200 || status >= 300) {
      throw proxy.failed(
          status >= 400 && status < 500 ? ErrorKind.UNAUTHORIZED : ErrorKind.IO,
          "does not connect to " + target + ": " + Quoted.plain(answer.start().substring("HTTP/1.1 ".length())),
          null);
    }
  }

  /// Passes on a request to a host that is reached over plain HTTP: the proxy makes it in our place, or is led to the host first.
  void ask(HttpHead request, String host, int port, String path) throws IOException {
    if (proxy.kind() == ProxyServer.Kind.SOCKS5) {
      connectTo(host, port);
      send(request.withStart(request.word(0) + " " + path + " HTTP/1.1"));
    } else {
      send(withLogin(request));
    }
  }

  /// The head of the answer to a request that was [passed on][#ask].
  HttpHead answer() throws IOException {
    var answer = HttpHead.read(in);
    if (answer.status() == 407 && proxy.kind() != ProxyServer.Kind.SOCKS5) {
      throw proxy.unauthorized();
    }
    return answer;
  }

  private HttpHead withLogin(HttpHead request) {
    return proxy.login() == null ? request : request.with("Proxy-Authorization", proxy.login().basic());
  }

  private void send(HttpHead head) throws IOException {
    out.write(head.toBytes());
    out.flush();
  }

  /// Lets reads take as long as they do: from here on those at the ends have deadlines of their own.
  void established() throws IOException {
    socket.setSoTimeout(0);
  }

  InputStream in() {
    return in;
  }

  /// Sends bytes; returns whether they could be sent.
  boolean write(byte[] bytes, int length) {
    try {
      out.write(bytes, 0, length);
      return true;
    } catch (IOException _) {
      return false; // Why shows when reading.
    }
  }
}
