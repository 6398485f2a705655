package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which HTTP proxy a request goes through, as the usual environment variables say it.
///
/// @param http the proxy for plain HTTP, or null
/// @param https the proxy for HTTPS, or null
/// @param except hosts that are reached directly: `example.com` with all below it, `.example.com` only those below it,
///     `10.0.0.0/8`, `host:port`, or `*`. This machine always is.
public record Proxies(@Nullable URI http, @Nullable URI https, List<String> except) {

  /// All hosts are reached directly.
  public static final Proxies NONE = new Proxies(null, null, List.of());

  public Proxies {
    if (http != null) {
      check(http);
    }
    if (https != null) {
      check(https);
    }
    except = except.stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).filter(name -> !name.isEmpty()).toList();
  }

  /// `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`, in capitals or not.
  public static Proxies of(Map<String, String> environment) {
    return new Proxies(
        uri(environment, "http_proxy"),
        uri(environment, "https_proxy"),
        Arrays.asList(value(environment, "no_proxy").split(",", -1)));
  }

  private static String value(Map<String, String> environment, String name) {
    var value = environment.getOrDefault(name, "");
    return value.isEmpty() ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "") : value;
  }

  private static @Nullable URI uri(Map<String, String> environment, String name) {
    var text = value(environment, name).strip();
    if (text.isEmpty()) {
      return null;
    }
    try {
      return new URI(text.contains("://") ? text : "http://" + text);
    } catch (URISyntaxException _) {
      // Not shown, and no cause: it may hold a password.
      throw new ImageException(ErrorKind.INVALID_ARGUMENT, name, name + " is not a URL", null);
    }
  }

  static void check(URI proxy) {
    if (!"http".equals(proxy.getScheme()) || proxy.getHost() == null) {
      throw new ImageException(
          ErrorKind.INVALID_ARGUMENT,
          String.valueOf(proxy.getHost()),
          "a proxy is http://[name:password@]host[:port]; others are not supported: "
              + proxy.getScheme() + "://" + proxy.getHost(),
          null);
    }
  }

  /// A proxy's address without the name and password in it.
  static String shown(URI proxy) {
    return proxy.getScheme() + "://" + proxy.getHost() + (proxy.getPort() < 0 ? "" : ":" + proxy.getPort());
  }

  /// The proxy for a request, if it goes through one.
  Optional<URI> proxyFor(URI target) {
    var proxy = "https".equals(target.getScheme()) ? https : http;
    return proxy == null || isDirect(target) ? Optional.empty() : Optional.of(proxy);
  }

  static InetSocketAddress address(URI proxy) {
    return new InetSocketAddress(proxy.getHost(), proxy.getPort() < 0 ? 80 : proxy.getPort());
  }

  /// The `Proxy-Authorization` header for a proxy, if its URL has a name and password.
  static Optional<String> authorization(URI proxy) {
    return Optional.ofNullable(proxy.getUserInfo())
        .map(pair -> "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }

  private boolean isDirect(URI target) {
    var host = target.getHost().toLowerCase(Locale.ROOT);
    var port = target.getPort() >= 0 ? target.getPort() : "https".equals(target.getScheme()) ? 443 : 80;
    return Endpoint.isLoopback(host) || except.stream().anyMatch(exception -> covers(exception, host, port));
  }

  private static boolean covers(String exception, String host, int port) {
    if (exception.equals("*") || exception.equals(host) || exception.equals(host + ":" + port)) {
      return true;
    }
    if (exception.indexOf('/') > 0) {
      return Addresses.literal(host).filter(address -> Addresses.isWithin(address, exception)).isPresent();
    }
    var suffix = exception.startsWith("*.") ? exception.substring(1) : exception;
    return host.endsWith(suffix.startsWith(".") ? suffix : "." + suffix);
  }

  /// Without the passwords that addresses may hold.
  @Override
  public String toString() {
    return "Proxies[http=" + (http == null ? "none" : shown(http)) + ", https=" + (https == null ? "none" : shown(https))
        + ", except=" + except + "]";
  }
}
