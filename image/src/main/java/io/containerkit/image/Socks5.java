package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Asks a SOCKS 5 proxy (RFC 1928) to connect, with a name and password (RFC 1929) where it wants them. The JDK's own SOCKS takes its
/// password from what is set for the whole process, and goes on with SOCKS 4 where 5 fails.
final class Socks5 {

  private static final int VERSION = 5;
  private static final int ANYBODY = 0;
  private static final int PASSWORD = 2;
  private static final int IPV4 = 1;
  private static final int NAME = 3;
  private static final int IPV6 = 4;

  private final ProxyServer proxy;
  private final DataInputStream in;
  private final OutputStream out;

  Socks5(ProxyServer proxy, InputStream in, OutputStream out) {
    this.proxy = proxy;
    this.in = new DataInputStream(in);
    this.out = out;
  }

  /// Makes the streams those of a connection from the proxy to a host, which the proxy looks up.
  void connect(String host, int port) throws IOException {
    greet();
    var request = new ByteArrayOutputStream();
    request.writeBytes(new byte[] {VERSION, 1, 0}); // CONNECT
    var literal = Addresses.literal(host);
    if (literal.isPresent()) {
      var address = literal.get().getAddress();
      request.write(address.length == 4 ? IPV4 : IPV6);
      request.writeBytes(address);
    } else {
      request.write(NAME);
      writeShort(request, "the host's name", host);
    }
    request.write(port >> 8);
    request.write(port);
    out.write(request.toByteArray());
    out.flush();
    awaitConnected(host + ":" + port);
  }

  private void greet() throws IOException {
    out.write(proxy.login() == null ? new byte[] {VERSION, 1, ANYBODY} : new byte[] {VERSION, 2, ANYBODY, PASSWORD});
    out.flush();
    checkVersion(in.readUnsignedByte());
    var method = in.readUnsignedByte();
    switch (method) {
      case ANYBODY -> {}
      case PASSWORD -> authenticate();
      case 0xff -> throw proxy.unauthorized();
      default -> throw lie("chose a way to log in that was not offered: " + method);
    }
  }

  private void authenticate() throws IOException {
    var login = proxy.login();
    if (login == null) {
      throw lie("chose a way to log in that was not offered: " + PASSWORD);
    }
    var request = new ByteArrayOutputStream();
    request.write(1); // The version of RFC 1929.
    writeShort(request, "the name for it", login.name());
    writeShort(request, "the password for it", login.password());
    out.write(request.toByteArray());
    out.flush();
    in.readUnsignedByte(); // Its version: some proxies put 5 here.
    if (in.readUnsignedByte() != 0) {
      throw proxy.unauthorized();
    }
  }

  private void awaitConnected(String target) throws IOException {
    checkVersion(in.readUnsignedByte());
    var reply = in.readUnsignedByte();
    if (reply != 0) {
      throw refused(target, reply);
    }
    in.readUnsignedByte();
    var type = in.readUnsignedByte();
    var length =
        switch (type) {
          case IPV4 -> 4;
          case IPV6 -> 16;
          case NAME -> in.readUnsignedByte();
          default -> throw lie("answered with an address of no known type: " + type);
        };
    in.readFully(new byte[length + 2]); // The address and port that it connects from.
  }

  private void checkVersion(int version) throws ProxyException {
    if (version != VERSION) {
      throw lie("does not speak SOCKS 5");
    }
  }

  private void writeShort(ByteArrayOutputStream request, String what, String text) throws ProxyException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == 0 || bytes.length > 255) {
      throw proxy.failed(ErrorKind.INVALID_CONFIG, "cannot be used: " + what + " has " + bytes.length + " bytes, not 1 to 255", null);
    }
    request.write(bytes.length);
    request.writeBytes(bytes);
  }

  private ProxyException lie(String why) {
    return proxy.failed(ErrorKind.UNSUPPORTED, why, null);
  }

  private ProxyException refused(String target, int reply) {
    var why =
        switch (reply) {
          case 2 -> "its rules forbid it";
          case 3 -> "the network is unreachable";
          case 4 -> "the host is unreachable or unknown";
          case 5 -> "connection refused";
          case 6 -> "no answer in time";
          default -> "reply " + reply;
        };
    var kind = reply == 2 ? ErrorKind.UNAUTHORIZED : ErrorKind.IO;
    return proxy.failed(kind, "does not connect to " + target + ": " + why, null);
  }
}
