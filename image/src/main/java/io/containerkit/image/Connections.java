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
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Sends one request and follows its redirects. Holds an HTTP client for each way in which hosts are reached, and knows which
/// hosts speak plain HTTP.
///
/// HTTP/1.1 only: several blobs at once get a connection each, where HTTP/2 would put them into one.
final class Connections implements AutoCloseable {

  private static final int MOST_REDIRECTS = 10;

  /// How hosts with an access are reached.
  ///
  /// @param clientWanted whether a host has asked for a client certificate, and no answer has come since
  private record Way(HttpClient client, AtomicBoolean clientWanted) {}

  private final RegistryConfig config;
  private final Timeouts timeouts;
  private final ProxyBridge bridge;
  private final Map<Access, Way> ways = new ConcurrentHashMap<>();
  private final Map<Access, SSLContext> contexts = new ConcurrentHashMap<>();
  private final Map<String, URI> bases = new ConcurrentHashMap<>();

  Connections(RegistryConfig config, Timeouts timeouts) {
    this.config = config;
    this.timeouts = timeouts;
    this.bridge = new ProxyBridge(timeouts.connect());
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
    var proxy = proxyFor(endpoint.access(), target);
    var response = proxy.isPresent() ? sendThrough(proxy.get(), endpoint.access(), http) : send(endpoint.access(), http);
    return new Response(request, target, response.statusCode(), response.headers(), response.body());
  }

  private HttpResponse<BodyStream> send(Access access, HttpRequest.Builder http) throws IOException, InterruptedException {
    var way = ways.computeIfAbsent(access, this::newWay);
    try {
      var response = way.client().send(http.build(), _ -> new BodyStream(timeouts.idle()));
      way.clientWanted().set(false);
      return response;
    } catch (HttpTimeoutException e) {
      throw e;
    } catch (IOException e) {
      var wanted = way.clientWanted().getAndSet(false);
      throw wanted && !Failures.isDistrust(e) && !Failures.isClientRefused(e) ? new ClientWantedException(e) : e;
    }
  }

  private HttpResponse<BodyStream> sendThrough(URI address, Access access, HttpRequest.Builder http)
      throws IOException, InterruptedException {
    var proxy = ProxyServer.of(address);
    var tls =
        proxy.kind() == ProxyServer.Kind.HTTPS
            ? contexts.computeIfAbsent(config.accessTo(proxy, access), Certificates::context)
            : null;
    try (var passage = bridge.open(proxy, tls)) {
      http.setHeader("Proxy-Authorization", passage.authorization());
      HttpResponse<BodyStream> response;
      try {
        response = send(access, http);
      } catch (IOException e) {
        throw passage.explained(e);
      }
      var failure = passage.failure();
      if (failure != null) {
        response.body().close();
        throw failure;
      }
      return response;
    }
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
      return config.proxies().proxyFor(target);
    }
    return Endpoint.isLoopback(target.getHost()) ? Optional.empty() : Optional.of(access.proxy());
  }

  private Way newWay(Access access) {
    var clientWanted = new AtomicBoolean();
    var client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeouts.connect())
            .proxy(new Selector(access))
            .sslContext(Certificates.context(access, () -> clientWanted.set(true)))
            .build();
    return new Way(client, clientWanted);
  }

  @Override
  public void close() {
    ways.values().forEach(way -> way.client().shutdownNow());
    ways.values().forEach(way -> way.client().close());
    bridge.close();
  }

  private final class Selector extends ProxySelector {
    private final Access access;

    Selector(Access access) {
      this.access = access;
    }

    @Override
    public List<Proxy> select(URI target) {
      return List.of(
          proxyFor(access, target).isPresent() ? new Proxy(Proxy.Type.HTTP, bridge.address()) : Proxy.NO_PROXY);
    }

    @Override
    public void connectFailed(URI target, SocketAddress address, IOException e) {
      // The request fails with the same exception: nothing is left to do.
    }
  }
}
