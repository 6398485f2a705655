package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A proxy as its address describes it.
///
/// @param kind what it speaks
/// @param host its name or address, IPv6 in brackets
/// @param port its port, or -1 where the address has none
/// @param login who asks, or null
record ProxyServer(Kind kind, String host, int port, @Nullable Login login) {

  /// What a proxy speaks.
  enum Kind {
    HTTP("http", 80),
    /// HTTP over TLS.
    HTTPS("https", 443),
    /// SOCKS 5; names are resolved by the proxy, as Go does it for `socks5` and curl for `socks5h`.
    SOCKS5("socks5", 1080);

    private final String scheme;
    private final int defaultPort;

    Kind(String scheme, int defaultPort) {
      this.scheme = scheme;
      this.defaultPort = defaultPort;
    }
  }

  /// A name and password. Shows neither.
  record Login(String name, String password) {

    /// The value of a `Proxy-Authorization` header (RFC 7617).
    String basic() {
      return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
      return "Login[]";
    }
  }

  /// The proxy at `address`.
  ///
  /// @throws ImageException if it is none, kind [ErrorKind#INVALID_ARGUMENT]; the message does not show name and password
  static ProxyServer of(URI address) {
    var kind =
        switch (String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT)) {
          case "http" -> Kind.HTTP;
          case "https" -> Kind.HTTPS;
          case "socks5", "socks5h" -> Kind.SOCKS5;
          default -> throw refused("a proxy cannot be of the kind " + Quoted.of(String.valueOf(address.getScheme())));
        };
    if (address.getHost() == null || address.getPort() > 65_535) {
      throw refused("the address of the " + kind.scheme + " proxy has no host and port that could be");
    }
    return new ProxyServer(kind, address.getHost(), address.getPort(), login(address.getUserInfo()));
  }

  private static ImageException refused(String why) {
    return new ImageException(
        ErrorKind.INVALID_ARGUMENT,
        "proxy",
        why + "; write http, https, socks5 or socks5h://[name:password@]host[:port], other than letters and digits in the password as %XX",
        null);
  }

  private static @Nullable Login login(@Nullable String userInfo) {
    if (userInfo == null || userInfo.isEmpty()) {
      return null;
    }
    var colon = userInfo.indexOf(':');
    return colon < 0 ? new Login(userInfo, "") : new Login(userInfo.substring(0, colon), userInfo.substring(colon + 1));
  }

  /// The port to connect to.
  int portOrDefault() {
    return port < 0 ? kind.defaultPort : port;
  }

  /// Host and port as the address has them.
  String authority() {
    return port < 0 ? host : host + ":" + port;
  }

  /// A failure of this proxy.
  ProxyException failed(ErrorKind failure, String why, @Nullable Throwable cause) {
    return new ProxyException(failure, "the proxy " + this + " " + why, cause);
  }

  /// The proxy wants a name and password, or others.
  ProxyException unauthorized() {
    return failed(
        ErrorKind.UNAUTHORIZED,
        login == null ? "wants a name and password: " + kind.scheme + "://name:password@" + authority() : "refuses the name and password",
        null);
  }

  /// The address, without name and password.
  @Override
  public String toString() {
    return kind.scheme + "://" + authority();
  }
}
