package io.containerkit.image;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A proxy on a loopback port that knows one server, whatever host it is asked for.
final class TestProxy implements AutoCloseable {

  /// Plays the proxy's part on one connection.
  interface Part {
    void play(TestProxy proxy, Socket client, InputStream in, OutputStream out) throws IOException;
  }

  /// What it was asked for, in its own words.
  final List<String> asked = new CopyOnWriteArrayList<>();

  /// How many connections were made to it.
  final AtomicInteger connections = new AtomicInteger();

  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final String scheme;
  private final Part part;
  private final ServerSocket server;
  private final int backend;
  private String login = "";

  private TestProxy(String scheme, Part part, @Nullable TestAuthority authority, int backend) {
    this.scheme = scheme;
    this.part = part;
    this.backend = backend;
    try {
      server = authority == null ? new ServerSocket(0, 50, InetAddress.getLoopbackAddress()) : secured(authority);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  private static ServerSocket secured(TestAuthority authority) throws IOException {
    return Certificates.context(authority.identity()).getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  /// A proxy of this scheme that does its work, for a server on a loopback port.
  static TestProxy of(String scheme, TestAuthority authority, int backend) {
    return switch (scheme) {
      case "http" -> new TestProxy(scheme, TestProxy::http, null, backend);
      case "https" -> new TestProxy(scheme, TestProxy::http, authority, backend);
      default -> new TestProxy(scheme, TestProxy::socks, null, backend);
    };
  }

  /// One that plays another part.
  static TestProxy playing(String scheme, Part part) {
    return new TestProxy(scheme, part, null, -1);
  }

  /// One that answers the first that it hears with these bytes, and closes.
  static TestProxy answering(String scheme, byte[] answer) {
    return playing(
        scheme,
        (_, _, in, out) -> {
          var _ = in.read();
          out.write(answer);
          out.flush();
        });
  }

  /// One that accepts and then says nothing, until the other side goes.
  static TestProxy hanging(String scheme) {
    return playing(scheme, (_, _, in, _) -> in.transferTo(OutputStream.nullOutputStream()));
  }

  /// Wants a name and password, `NAME:PASSWORD`.
  TestProxy wants(String newLogin) {
    login = newLogin;
    return this;
  }

  String host() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /// Its address with this name and password.
  URI uri(String withLogin) {
    return URI.create(scheme + "://" + (withLogin.isEmpty() ? "" : withLogin + "@") + host());
  }

  int openConnections() {
    return open.size();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var client = server.accept();
        open.add(client);
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        if (!server.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      part.play(this, client, new BufferedInputStream(client.getInputStream()), client.getOutputStream());
    } catch (IOException _) {
      // The client has gone, as the tests make it do.
    } finally {
      open.remove(client);
    }
  }

  private void http(Socket client, InputStream in, OutputStream out) throws IOException {
    var request = HttpHead.read(in);
    asked.add(request.start());
    var wanted = login.isEmpty() ? "" : new ProxyServer.Login(name(), password()).basic();
    if (!request.header("Proxy-Authorization").equals(wanted)) {
      out.write("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      return;
    }
    try (var target = new Socket(InetAddress.getLoopbackAddress(), backend)) {
      if (request.word(0).equals("CONNECT")) {
        out.write("HTTP/1.1 200 OK\r\nVia: test\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      } else {
        var path = request.word(1).substring(request.word(1).indexOf('/', "http://".length()));
        target.getOutputStream().write(request.withStart(request.word(0) + " " + path + " HTTP/1.1").without("Proxy-Authorization").toBytes());
      }
      relay(client, in, out, target);
    }
  }

  private void socks(Socket client, InputStream stream, OutputStream out) throws IOException {
    var in = new DataInputStream(stream);
    in.readUnsignedByte();
    var methods = in.readNBytes(in.readUnsignedByte());
    var method = login.isEmpty() ? 0 : methods[methods.length - 1] == 2 ? 2 : 0xff;
    out.write(new byte[] {5, (byte) method});
    if (method == 2) {
      in.readUnsignedByte();
      var shown = text(in) + ":" + text(in);
      out.write(new byte[] {1, (byte) (shown.equals(login) ? 0 : 1)});
      if (!shown.equals(login)) {
        return;
      }
    }
    in.readNBytes(3);
    var type = in.readUnsignedByte();
    var host = type == 3 ? text(in) : InetAddress.getByAddress(in.readNBytes(type == 1 ? 4 : 16)).getHostAddress();
    asked.add(host + ":" + in.readUnsignedShort());
    try (var target = new Socket(InetAddress.getLoopbackAddress(), backend)) {
      out.write(new byte[] {5, 0, 0, 3, 1, 'x', 0, 0});
      relay(client, in, out, target);
    }
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
  }

  private String name() {
    return login.substring(0, login.indexOf(':'));
  }

  private String password() {
    return login.substring(login.indexOf(':') + 1);
  }

  private static void relay(Socket client, InputStream in, OutputStream out, Socket target) throws IOException {
    Thread.ofVirtual()
        .start(
            () -> {
              try (target) {
                in.transferTo(target.getOutputStream());
              } catch (IOException _) {
                // The other direction ends too.
              }
            });
    try (client) {
      target.getInputStream().transferTo(out);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      for (var client : open) {
        client.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
