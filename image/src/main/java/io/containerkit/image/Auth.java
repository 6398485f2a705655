package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.Json;
import io.containerkit.spec.JsonNumber;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonString;
import io.containerkit.spec.RegistryException;
import io.containerkit.spec.SpecException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Answers the challenges of registries: Basic, and Bearer with a token from the realm that the challenge names. Tokens are kept
/// until shortly before they expire, and fetched once however many requests want the same.
///
/// Credentials go to the registry they are for, and to the realm that it names: over HTTPS, or within this machine. A realm with a
/// private address is refused unless it is the registry's own host, or named in the configuration: else any registry could make us
/// send requests into the network that we are in.
final class Auth {

  private static final int LONGEST_TOKEN_ANSWER = 64 << 10;
  private static final int MOST_REDIRECTS = 5;
  private static final Duration DEFAULT_LIFE = Duration.ofSeconds(60);
  private static final Pattern HEADER_SAFE = Pattern.compile("[\\x21-\\x7e]+");

  private record Key(String registry, Scope scope) {}

  private record Token(String value, Instant refresh) {}

  private final CredentialSource source;
  private final Attempts attempts;
  private final Duration documentTimeout;
  private final Clock clock;
  private final Map<String, Challenge> challenges = new ConcurrentHashMap<>();
  private final Map<String, Credential> credentials = new ConcurrentHashMap<>();
  private final Map<Key, CompletableFuture<Token>> tokens = new ConcurrentHashMap<>();

  Auth(CredentialSource source, Attempts attempts, Duration documentTimeout, Clock clock) {
    this.source = source;
    this.attempts = attempts;
    this.documentTimeout = documentTimeout;
    this.clock = clock;
  }

  /// What authorizes a request to a registry.
  Attempts.Authorizer authorizer(Endpoint endpoint, Request request) {
    return new Attempts.Authorizer() {
      @Override
      public @Nullable String authorization() throws InterruptedException {
        var challenge = challenges.get(endpoint.registry());
        return challenge == null ? null : header(endpoint, request, challenge);
      }

      @Override
      public boolean accepts(Response unauthorized, @Nullable String sent) throws InterruptedException {
        // The registry may ask; where it has redirected to may not.
        return Connections.sameOrigin(request.uri(), unauthorized.uri())
            && accept(endpoint, request, unauthorized, sent);
      }
    };
  }

  private @Nullable String header(Endpoint endpoint, Request request, Challenge challenge)
      throws InterruptedException {
    return switch (credential(endpoint)) {
      case Credential.RegistryToken(var token) -> bearer(token);
      case Credential.Password password when challenge.scheme().equals("basic") -> password.authorization();
      case Credential credential when challenge.scheme().equals("bearer") ->
          bearer(token(endpoint, request, challenge, credential));
      case Credential _ -> null;
    };
  }

  private boolean accept(Endpoint endpoint, Request request, Response response, @Nullable String sent)
      throws InterruptedException {
    var credential = credential(endpoint);
    var offered = Challenge.parse(response.headers().allValues("WWW-Authenticate"));
    var chosen =
        offered.stream()
            .filter(challenge -> challenge.scheme().equals("bearer") && !challenge.parameter("realm").isEmpty())
            .findFirst()
            .or(() -> offered.stream().filter(challenge -> challenge.scheme().equals("basic")).findFirst());
    if (chosen.isEmpty()) {
      return false;
    }
    if (!credential.equals(Credential.ANONYMOUS) && !isSafe(request.uri())) {
      throw Failures.answer(
          ErrorKind.UNAUTHORIZED, response, "the registry wants credentials, which are not sent over plain HTTP");
    }
    challenges.put(endpoint.registry(), chosen.get());
    forget(new Key(endpoint.registry(), request.scope()), sent);
    var isNew = !(sent != null && sent.equals(header(endpoint, request, chosen.get())));
    if (isNew && (chosen.get().scheme().equals("bearer") || !credential.equals(Credential.ANONYMOUS))) {
      return true;
    }
    forgetRefused(endpoint);
    return false;
  }

  /// Has the next request ask for the credential anew: somebody may log in meanwhile.
  private void forgetRefused(Endpoint endpoint) {
    credentials.remove(endpoint.registry());
  }

  /// Forgets all credentials and what came of them: somebody has logged in or out.
  void forget() {
    credentials.clear();
    challenges.clear();
    tokens.clear();
  }

  /// Drops a token that a registry has just refused, unless another has taken its place already.
  private void forget(Key key, @Nullable String sent) {
    var known = tokens.get(key);
    if (known != null && known.isDone() && !known.isCompletedExceptionally() && bearer(known.join().value()).equals(sent)) {
      tokens.remove(key, known);
    }
  }

  private Credential credential(Endpoint endpoint) throws InterruptedException {
    var known = credentials.get(endpoint.registry());
    if (known == null) {
      known = source.credential(endpoint.registry());
      credentials.put(endpoint.registry(), known);
    }
    return known;
  }

  private static String bearer(String token) {
    return "Bearer " + token;
  }

  private static boolean isSafe(URI uri) {
    return uri.getScheme().equals("https") || Endpoint.isLoopback(uri.getHost());
  }

  private String token(Endpoint endpoint, Request request, Challenge challenge, Credential credential)
      throws InterruptedException {
    var key = new Key(endpoint.registry(), request.scope());
    while (true) {
      var mine = new CompletableFuture<Token>();
      var known = tokens.putIfAbsent(key, mine);
      if (known == null) {
        return fetchFor(key, mine, endpoint, request, challenge, credential).value();
      }
      try {
        var token = known.get();
        if (clock.instant().isBefore(token.refresh())) {
          return token.value();
        }
        tokens.remove(key, known);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RegistryException failure) {
          throw failure;
        }
        // Whoever fetched it was interrupted: then it is for us to do.
      }
    }
  }

  private Token fetchFor(
      Key key,
      CompletableFuture<Token> promise,
      Endpoint endpoint,
      Request request,
      Challenge challenge,
      Credential credential)
      throws InterruptedException {
    try {
      var token = fetch(endpoint, request, challenge, credential);
      promise.complete(token);
      return token;
    } catch (InterruptedException | RuntimeException e) {
      tokens.remove(key, promise);
      promise.completeExceptionally(e);
      throw e;
    }
  }

  private Token fetch(Endpoint endpoint, Request request, Challenge challenge, Credential credential)
      throws InterruptedException {
    var realm = realm(endpoint, request, challenge);
    var grants = request.scope().orChallenged(challenge.parameter("scope")).grants();
    var query = new StringJoiner("&");
    var service = challenge.parameter("service");
    if (!service.isEmpty()) {
      query.add("service=" + encoded(service));
    }
    Request ask;
    String authorization = null;
    if (credential instanceof Credential.IdentityToken(var refreshToken)) {
      query
          .add("grant_type=refresh_token")
          .add("client_id=containerkit")
          .add("scope=" + encoded(String.join(" ", grants)))
          .add("refresh_token=" + encoded(refreshToken));
      var form = query.toString();
      ask =
          Request.of("POST", realm, Scope.NONE)
              .with("Content-Type", "application/x-www-form-urlencoded")
              .with(() -> BodyPublishers.ofString(form), form.length(), true);
    } else {
      grants.forEach(grant -> query.add("scope=" + encoded(grant)));
      if (credential instanceof Credential.Password password) {
        query.add("account=" + encoded(password.username()));
        authorization = password.authorization();
      }
      ask = Request.get(withQuery(realm, query.toString()), Scope.NONE);
    }
    try (var response = answer(endpoint, request, challenge, ask, authorization)) {
      if (!response.isSuccess()) {
        forgetRefused(endpoint);
        throw Failures.status(response);
      }
      return read(response);
    }
  }

  /// Follows redirects one by one: each leads only where a realm may be.
  private Response answer(Endpoint endpoint, Request request, Challenge challenge, Request first, @Nullable String authorization)
      throws InterruptedException {
    var ask = first.withoutRedirects();
    for (var redirects = 0; ; redirects++) {
      var sent = Connections.sameOrigin(first.uri(), ask.uri()) ? authorization : null;
      var response = attempts.send(endpoint, ask, Attempts.Authorizer.fixed(sent));
      if (!response.isRedirect() || !ask.isRead() || redirects == MOST_REDIRECTS) {
        return response;
      }
      try (response) {
        var target = Connections.target(response);
        checkRealm(target, endpoint, request, challenge, "it redirects to " + Quoted.of(target.getHost()) + ", and ");
        ask = Request.get(target, Scope.NONE).withoutRedirects();
      }
    }
  }

  private Token read(Response response) {
    try {
      var answer = Json.readObject(response.body().readAll(LONGEST_TOKEN_ANSWER, documentTimeout));
      var value = text(answer, "token").isEmpty() ? text(answer, "access_token") : text(answer, "token");
      if (!HEADER_SAFE.matcher(value).matches()) {
        throw Failures.answer(ErrorKind.CORRUPT, response, "the answer has no token");
      }
      return new Token(value, clock.instant().plus(life(answer).multipliedBy(9).dividedBy(10)));
    } catch (SpecException e) {
      throw Failures.answer(ErrorKind.CORRUPT, response, "the answer is no token: " + e.getMessage());
    } catch (IOException e) {
      throw Failures.io(response.request(), e);
    }
  }

  private static String text(JsonObject answer, String name) {
    return answer.get(name) instanceof JsonString text ? text.value() : "";
  }

  private static Duration life(JsonObject answer) {
    return answer.get("expires_in") instanceof JsonNumber number && number.text().matches("[1-9][0-9]{0,8}")
        ? Duration.ofSeconds(Long.parseLong(number.text()))
        : DEFAULT_LIFE;
  }

  /// The realm of a challenge, if credentials may go there.
  private static URI realm(Endpoint endpoint, Request request, Challenge challenge) {
    URI realm;
    try {
      realm = URI.create(challenge.parameter("realm"));
    } catch (IllegalArgumentException _) {
      throw refused(request, challenge, "it is no URL");
    }
    checkRealm(realm, endpoint, request, challenge, "");
    return realm;
  }

  /// @param how how the address was come by, for the message
  private static void checkRealm(URI realm, Endpoint endpoint, Request request, Challenge challenge, String how) {
    var host = realm.getHost();
    if (host == null || realm.getRawUserInfo() != null || realm.getRawFragment() != null) {
      throw refused(request, challenge, how + "it is no web address");
    }
    var sameHost = host.equalsIgnoreCase(request.uri().getHost());
    // Plain HTTP goes where the registry itself is asked over it, which the configuration or the loopback allows.
    var plain = "http".equals(realm.getScheme()) && request.uri().getScheme().equals("http") && (sameHost || isSafe(realm));
    if (!"https".equals(realm.getScheme()) && !plain) {
      throw refused(request, challenge, how + "it is not https");
    }
    if (!sameHost && !endpoint.access().realms().contains(host) && Addresses.isPrivate(host)) {
      throw refused(
          request, challenge, how + "its address is private; if that is meant, add it to `realms` in registries.conf");
    }
  }

  private static RegistryException refused(Request request, Challenge challenge, String why) {
    return Failures.refused(
        ErrorKind.UNAUTHORIZED,
        request,
        "no token is asked for at the realm " + Quoted.of(challenge.parameter("realm")) + ": " + why);
  }

  private static URI withQuery(URI realm, String query) {
    var existing = realm.getRawQuery();
    var separator = existing == null ? "?" : "&";
    return query.isEmpty() ? realm : URI.create(realm + separator + query);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
