package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which proxy a request goes through, as the usual environment variables say it.
///
/// The address of a proxy is `SCHEME://[NAME:PASSWORD@]HOST[:PORT]`. The scheme is `http` (port 80 by default), `https` (443, HTTP over TLS),
/// `socks5` or `socks5h` (1080), which are the same: names are looked up by the proxy. What is not a letter or digit in the
/// password is best written `%XX`. Neither name nor password shows in `toString` or in a failure.
///
/// @param http the proxy for plain HTTP, or null
/// @param https the proxy for HTTPS, or null
/// @param except hosts that are reached directly: `example.com` with all below it, `.example.com` and `*.example.com` only those
///     below it, an address, a network `10.0.0.0/8`, or `*`; with a port such as `example.com:5000` for that port only. This machine
///     always is.
public record Proxies(@Nullable URI http, @Nullable URI https, List<String> except) {

  /// All hosts are reached directly.
  public static final Proxies NONE = new Proxies(null, null, List.of());

  public Proxies {
    if (http != null) {
      var _ = ProxyServer.of(http);
    }
    if (https != null) {
      var _ = ProxyServer.of(https);
    }
    except = except.stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).filter(name -> !name.isEmpty()).toList();
  }

  /// What `HTTP_PROXY`, `HTTPS_PROXY`, for either `ALL_PROXY`, and `NO_PROXY` say. Each may be in small letters, which are looked at
  /// first. `HTTP_PROXY` in capitals does not count in a CGI program, where a request's `Proxy` header sets it.
  public static Proxies of(Map<String, String> environment) {
    return new Proxies(
        uri(environment, "http_proxy"),
        uri(environment, "https_proxy"),
        Arrays.asList(environment.getOrDefault(name(environment, "no_proxy"), "").split("[,\\s]+", -1)));
  }

  /// The name by which a variable is set: in small letters, else in capitals.
  private static String name(Map<String, String> environment, String small) {
    return environment.getOrDefault(small, "").isBlank() ? small.toUpperCase(Locale.ROOT) : small;
  }

  private static @Nullable URI uri(Map<String, String> environment, String small) {
    var name = name(environment, small);
    var text = environment.getOrDefault(name, "").strip();
    if (text.isEmpty() || (name.equals("HTTP_PROXY") && environment.containsKey("REQUEST_METHOD"))) {
      return small.equals("all_proxy") ? null : uri(environment, "all_proxy");
    }
    try {
      var uri = new URI(text.contains("://") ? text : "http://" + text);
      var _ = ProxyServer.of(uri);
      return uri;
    } catch (URISyntaxException _) {
      // Not shown, and no cause: it may hold a password.
      throw refused(name, "it is not a URL; what is not a letter or digit in its password is written %XX", null);
    } catch (ImageException e) {
      throw refused(name, e.getMessage(), e);
    }
  }

  private static ImageException refused(String variable, @Nullable String why, @Nullable Exception cause) {
    return new ImageException(ErrorKind.INVALID_ARGUMENT, variable, variable + ": " + why, cause);
  }

  /// The proxy for a request, if it goes through one.
  Optional<URI> proxyFor(URI target) {
    var proxy = "https".equals(target.getScheme()) ? https : http;
    return proxy == null || isDirect(target) ? Optional.empty() : Optional.of(proxy);
  }

  private boolean isDirect(URI target) {
    var host = withoutDot(target.getHost().toLowerCase(Locale.ROOT));
    var port = target.getPort() >= 0 ? target.getPort() : "https".equals(target.getScheme()) ? 443 : 80;
    return Endpoint.isLoopback(host) || except.stream().anyMatch(exception -> covers(exception, host, port));
  }

  private static boolean covers(String exception, String host, int port) {
    if (exception.equals("*")) {
      return true;
    }
    var address = Addresses.literal(host);
    if (exception.indexOf('/') > 0) {
      return address.isPresent() && Addresses.isWithin(address.get(), exception);
    }
    // An address of IPv6 has colons too, but with a port it is in brackets.
    var colon = exception.lastIndexOf(':');
    var hasPort = colon > 0 && (exception.indexOf(':') == colon || exception.charAt(colon - 1) == ']');
    if (hasPort && !exception.substring(colon + 1).equals(Integer.toString(port))) {
      return false;
    }
    var name = withoutDot(hasPort ? exception.substring(0, colon) : exception);
    if (address.isPresent()) {
      return address.equals(Addresses.literal(name));
    }
    var suffix = name.startsWith("*.") ? name.substring(1) : name;
    return host.equals(suffix) || host.endsWith(suffix.startsWith(".") ? suffix : "." + suffix);
  }

  private static String withoutDot(String host) {
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  /// Without the names and passwords that the addresses may hold.
  @Override
  public String toString() {
    return "Proxies[http=" + shown(http) + ", https=" + shown(https) + ", except=" + except + "]";
  }

  private static String shown(@Nullable URI proxy) {
    return proxy == null ? "none" : ProxyServer.of(proxy).toString();
  }
}
