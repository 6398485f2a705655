package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Leads the JDK's HTTP client through proxies that it cannot speak to: to the client it is a plain HTTP proxy on a loopback port, and on
/// the other side it speaks TLS, SOCKS 5, and shows the proxy's password.
///
/// Nobody else can use it: each request has a secret of its own in its `Proxy-Authorization` header, which also says which proxy
/// it goes through, and finds out what that proxy did wrong. Listens from the first request on. Thread-safe.
final class ProxyBridge implements AutoCloseable {

  private static final byte[] CONNECTED = new HttpHead("HTTP/1.1 200 Connected", List.of()).toBytes();
  private static final byte[] NOT_FOR_YOU = refusal("407 Proxy Authentication Required");
  private static final byte[] FAILED = refusal("502 Bad Gateway");

  private final Duration timeout;
  private final Map<String, Passage> passages = new ConcurrentHashMap<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private @Nullable ServerSocket server;
  private boolean closed;

  /// @param timeout how long a proxy may take for each step until a connection stands
  ProxyBridge(Duration timeout) {
    this.timeout = timeout;
  }

  private static byte[] refusal(String status) {
    return new HttpHead("HTTP/1.1 " + status, List.of("Content-Length: 0", "Connection: close")).toBytes();
  }

  /// Lets one request through, as long as the passage is open.
  ///
  /// @param tls whom to trust, if the proxy speaks TLS
  Passage open(ProxyServer proxy, @Nullable SSLContext tls) throws IOException {
    listen();
    var passage = new Passage(proxy, tls);
    passages.put(passage.authorization, passage);
    return passage;
  }

  /// Where it listens, once a passage has been opened.
  synchronized InetSocketAddress address() {
    return (InetSocketAddress) Objects.requireNonNull(server).getLocalSocketAddress();
  }

  private synchronized void listen() throws IOException {
    if (closed) {
      throw new SocketException("the client is closed");
    }
    if (server == null || server.isClosed()) {
      var listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      server = listening;
      Thread.ofVirtual().name("proxy-bridge").start(() -> accept(listening));
    }
  }

  private void accept(ServerSocket listening) {
    try (listening) {
      while (true) {
        var client = track(listening.accept());
        Thread.ofVirtual().name("proxy-bridge-connection").start(() -> serve(client));
      }
    } catch (IOException _) {
      // Closed; or no descriptor is left, then the next request listens anew.
    }
  }

  private synchronized Socket track(Socket socket) throws IOException {
    sockets.add(socket);
    if (closed) {
      release(socket);
      throw new SocketException("the client is closed");
    }
    return socket;
  }

  private void release(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException _) {
      // It is to end, and it has.
    }
  }

  private void serve(Socket client) {
    try {
      client.setTcpNoDelay(true);
      client.setSoTimeout(Math.toIntExact(timeout.toMillis()));
      var in = new BufferedInputStream(client.getInputStream());
      var request = HttpHead.read(in);
      client.setSoTimeout(0);
      var passage = passages.get(request.header("Proxy-Authorization"));
      if (passage == null) {
        client.getOutputStream().write(NOT_FOR_YOU);
      } else {
        passage.lead(request.without("Proxy-Authorization"), client, in);
      }
    } catch (IOException _) {
      // The client has gone, or was none of ours: there is nobody to tell.
    } finally {
      release(client);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    try {
      if (server != null) {
        server.close();
      }
    } catch (IOException _) {
      // It listens no more.
    }
    sockets.forEach(this::release);
  }

  /// The way of one request, with the redials that the JDK's client makes for it. Connections that were made by then stay when it is closed,
  /// since the client keeps them for other requests to the same host.
  final class Passage implements AutoCloseable {

    private final String authorization = "Passage " + UUID.randomUUID();
    private final ProxyServer proxy;
    private final @Nullable SSLContext tls;
    private final Set<Socket> opening = ConcurrentHashMap.newKeySet();
    private volatile @Nullable ProxyException failure;

    private Passage(ProxyServer proxy, @Nullable SSLContext tls) {
      this.proxy = proxy;
      this.tls = tls;
    }

    /// The request's `Proxy-Authorization` header. Not of the scheme Basic, which the JDK keeps from proxies for HTTPS
    /// (`jdk.http.auth.tunneling.disabledSchemes`).
    String authorization() {
      return authorization;
    }

    /// What the proxy did wrong, or null.
    @Nullable ProxyException failure() {
      return failure;
    }

    /// Why the request failed in truth.
    IOException explained(IOException e) {
      if (failure != null) {
        return failure;
      }
      return e instanceof HttpTimeoutException && !opening.isEmpty() ? proxy.failed(ErrorKind.TIMED_OUT, "did not answer in time", e) : e;
    }

    private void lead(HttpHead request, Socket client, InputStream in) throws IOException {
      var tcp = track(new Socket());
      var out = client.getOutputStream();
      try {
        var proxied = connection(tcp, request);
        Thread.ofVirtual().name("proxy-bridge-upload").start(() -> sendUp(in, proxied, tcp));
        out.write(request.word(0).equals("CONNECT") ? CONNECTED : answer(proxied));
        proxied.in().transferTo(out);
      } catch (ProxyException e) {
        failure = e;
        out.write(FAILED);
      } catch (IOException e) {
        client.setSoLinger(true, 0); // Broken off: not to look like the end of what was sent.
        throw e;
      } finally {
        release(tcp);
      }
    }

    private ProxyConnection connection(Socket tcp, HttpHead request) throws IOException {
      opening.add(tcp);
      try {
        if (!passages.containsKey(authorization)) {
          throw new SocketException("the request was given up");
        }
        var connection = ProxyConnection.open(proxy, tcp, tls, timeout);
        if (request.word(0).equals("CONNECT")) {
          var target = request.word(1);
          var colon = target.lastIndexOf(':');
          connection.connectTo(target.substring(0, colon), Integer.parseInt(target, colon + 1, target.length(), 10));
        } else {
          var target = URI.create(request.word(1));
          var path = (target.getRawPath().isEmpty() ? "/" : target.getRawPath()) + (target.getRawQuery() == null ? "" : "?" + target.getRawQuery());
          // One request for a connection: the client would use it for other hosts too, where SOCKS leads to one.
          connection.ask(request.with("Connection", "close"), target.getHost(), target.getPort() < 0 ? 80 : target.getPort(), path);
        }
        connection.established();
        return connection;
      } catch (ProxyException e) {
        throw e;
      } catch (SocketTimeoutException e) {
        throw proxy.failed(ErrorKind.TIMED_OUT, "does not answer within " + timeout.toMillis() + " ms", e);
      } catch (ProtocolException e) {
        throw proxy.failed(ErrorKind.UNSUPPORTED, "does not speak HTTP: " + e.getMessage(), e);
      } catch (IOException e) {
        throw proxy.failed(ErrorKind.IO, "closed the connection instead of answering", e);
      } finally {
        opening.remove(tcp);
      }
    }

    /// The head of the answer that is the last, after those of the kind "100 Continue", which a client need not see.
    private byte[] answer(ProxyConnection proxied) throws IOException {
      var answer = proxied.answer();
      while (answer.status() < 200) {
        answer = proxied.answer();
      }
      return answer.with("Connection", "close").toBytes();
    }

    private void sendUp(InputStream in, ProxyConnection proxied, Socket tcp) {
      var buffer = new byte[16 << 10];
      try {
        for (var length = in.read(buffer); length >= 0; length = in.read(buffer)) {
          if (!proxied.write(buffer, length)) {
            return; // Whoever reads the answer learns of it, after what was answered before.
          }
        }
      } catch (IOException _) {
        // The client has gone, as at the end of its stream.
      }
      release(tcp);
    }

    /// Ends the passage, and what it was just opening.
    @Override
    public void close() {
      passages.remove(authorization);
      opening.forEach(ProxyBridge.this::release);
    }
  }
}
