package io.containerkit.image;

import io.containerkit.image.RegistryConfig.Access;
import io.containerkit.spec.ErrorKind;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Sends one request and follows its redirects. Holds an HTTP client for each way in which hosts are reached, and knows which
/// hosts speak plain HTTP.
///
/// HTTP/1.1 only: several blobs at once get a connection each, where HTTP/2 would put them into one.
final class Connections implements AutoCloseable {

  private static final int MOST_REDIRECTS = 10;

  private final Proxies proxies;
  private final Timeouts timeouts;
  private final Map<Access, HttpClient> clients = new ConcurrentHashMap<>();
  private final Map<String, URI> bases = new ConcurrentHashMap<>();

  Connections(Proxies proxies, Timeouts timeouts) {
    this.proxies = proxies;
    this.timeouts = timeouts;
  }

  Timeouts timeouts() {
    return timeouts;
  }

  /// The root of the registry's API: HTTPS, but where plain HTTP is allowed and HTTPS not spoken.
  URI base(Endpoint endpoint) throws IOException, InterruptedException {
    if (!endpoint.plainAllowed()) {
      return endpoint.base("https");
    }
    var known = bases.get(endpoint.host());
    if (known == null) {
      known = probe(endpoint);
      bases.put(endpoint.host(), known);
    }
    return known;
  }

  private URI probe(Endpoint endpoint) throws IOException, InterruptedException {
    var https = endpoint.base("https");
    try (var _ = exchange(endpoint, Request.get(https, Scope.NONE), null)) {
      return https;
    } catch (IOException overTls) {
      if (Failures.isDistrust(overTls) || Failures.isClientRefused(overTls)) {
        throw overTls; // It does speak TLS; without it nothing would get better.
      }
      var http = endpoint.base("http");
      try (var _ = exchange(endpoint, Request.get(http, Scope.NONE), null)) {
        return http;
      } catch (IOException plain) {
        plain.addSuppressed(overTls);
        throw plain;
      }
    }
  }

  /// Sends a request. Redirects of requests that only ask are followed; the authorization goes no further than the first origin.
  Response exchange(Endpoint endpoint, Request request, @Nullable String authorization)
      throws IOException, InterruptedException {
    var origin = request.uri();
    var target = origin;
    for (var redirects = 0; ; redirects++) {
      var response = once(endpoint, request, target, sameOrigin(origin, target) ? authorization : null);
      if (!response.isRedirect() || !request.followsRedirects()) {
        return response;
      }
      try (response) {
        if (redirects == MOST_REDIRECTS) {
          throw Failures.answer(ErrorKind.IO, response, "redirected more than " + MOST_REDIRECTS + " times");
        }
        target = target(response);
      }
    }
  }

  private Response once(Endpoint endpoint, Request request, URI target, @Nullable String authorization)
      throws IOException, InterruptedException {
    var http =
        HttpRequest.newBuilder(target)
            .method(request.method(), request.body().get())
            .timeout(timeouts.answerTo(request.length()))
            .setHeader("User-Agent", "containerkit");
    request.headers().forEach(http::setHeader);
    if (authorization != null) {
      http.setHeader("Authorization", authorization);
    }
    proxyFor(endpoint.access(), target)
        .flatMap(Proxies::authorization)
        .ifPresent(value -> http.setHeader("Proxy-Authorization", value));
    var response = client(endpoint.access()).send(http.build(), _ -> new BodyStream(timeouts.idle()));
    return new Response(request, target, response.statusCode(), response.headers(), response.body());
  }

  /// Where a redirect leads.
  static URI target(Response response) {
    var location = response.header("Location");
    URI target;
    try {
      target = resolve(response.uri(), new URI(location));
    } catch (URISyntaxException _) {
      throw Failures.answer(ErrorKind.IO, response, "redirected to what is no URL: " + Quoted.of(location));
    }
    var scheme = Objects.requireNonNullElse(target.getScheme(), "");
    if (location.isEmpty() || target.getHost() == null || target.getRawUserInfo() != null) {
      throw Failures.answer(ErrorKind.IO, response, "redirected to what is no web address");
    }
    if (!scheme.equals("https") && !(scheme.equals("http") && response.uri().getScheme().equals("http"))) {
      throw Failures.answer(ErrorKind.IO, response, "redirected from https to " + Quoted.of(scheme) + ", which is refused");
    }
    return target;
  }

  /// Resolves a reference as RFC 3986 says. The JDK follows RFC 2396, where `?query` alone drops the last part of the path.
  static URI resolve(URI base, URI reference) {
    return reference.isAbsolute() || !reference.toString().startsWith("?")
        ? base.resolve(reference)
        : base.resolve(base.getRawPath() + reference);
  }

  static boolean sameOrigin(URI a, URI b) {
    return a.getScheme().equals(b.getScheme()) && a.getHost().equalsIgnoreCase(b.getHost()) && a.getPort() == b.getPort();
  }

  private Optional<URI> proxyFor(Access access, URI target) {
    if (access.proxy() == null) {
      return proxies.proxyFor(target);
    }
    return Endpoint.isLoopback(target.getHost()) ? Optional.empty() : Optional.of(access.proxy());
  }

  private HttpClient client(Access access) {
    return clients.computeIfAbsent(access, this::newClient);
  }

  private HttpClient newClient(Access access) {
    var builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeouts.connect())
            .proxy(new Selector(access));
    if (access.hasOwnTls()) {
      builder.sslContext(Certificates.context(access));
    }
    return builder.build();
  }

  @Override
  public void close() {
    clients.values().forEach(HttpClient::shutdownNow);
    clients.values().forEach(HttpClient::close);
  }

  private final class Selector extends ProxySelector {
    private final Access access;

    Selector(Access access) {
      this.access = access;
    }

    @Override
    public List<Proxy> select(URI target) {
      return List.of(
          proxyFor(access, target)
              .map(proxy -> new Proxy(Proxy.Type.HTTP, Proxies.address(proxy)))
              .orElse(Proxy.NO_PROXY));
    }


    @Override
    public void connectFailed(URI target, SocketAddress address, IOException e) {
      // The request fails with the same exception: nothing is left to do.
    }
  }
}
