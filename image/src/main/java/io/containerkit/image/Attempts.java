package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes a request until it is answered for good: again after a pause when the registry is busy, failing or out of reach, and once
/// more with a credential when it asks for one.
final class Attempts {

  /// Knows what to send in the `Authorization` header.
  interface Authorizer {
    /// Sends the same header, or none, whatever the answer.
    static Authorizer fixed(@Nullable String authorization) {
      return new Authorizer() {
        @Override
        public @Nullable String authorization() {
          return authorization;
        }

        @Override
        public boolean accepts(Response unauthorized, @Nullable String sent) {
          return false;
        }
      };
    }

    /// The header's value, or null for none.
    @Nullable String authorization() throws InterruptedException;

    /// Looks at an answer 401 to a request with the header `sent`.
    ///
    /// @return whether [#authorization()] is another now
    boolean accepts(Response unauthorized, @Nullable String sent) throws InterruptedException;
  }

  private static final Set<Integer> TRANSIENT = Set.of(408, 429, 500, 502, 503, 504);
  // These say that nothing has been done: even what may not be repeated may be asked again.
  private static final Set<Integer> NOT_DONE = Set.of(429, 503);

  private final Connections connections;
  private final RetryPolicy policy;
  private final Clock clock;

  Attempts(Connections connections, RetryPolicy policy, Clock clock) {
    this.connections = connections;
    this.policy = policy;
    this.clock = clock;
  }

  RetryPolicy policy() {
    return policy;
  }

  /// The root of a registry's API, found out anew after a pause while the registry is out of reach.
  URI base(Endpoint endpoint) throws InterruptedException {
    for (var failures = 1; ; failures++) {
      try {
        return connections.base(endpoint);
      } catch (IOException e) {
        var probe = Request.get(endpoint.base("https"), Scope.NONE);
        if (failures == policy.attempts() || isFinal(e)) {
          throw Failures.io(probe, e);
        }
        Thread.sleep(policy.delay(failures));
      }
    }
  }

  /// The answer to a request, whatever its status.
  Response send(Endpoint endpoint, Request request, Authorizer authorizer) throws InterruptedException {
    var challenged = false;
    for (var failures = 1; ; ) {
      Duration pause;
      try {
        var sent = authorizer.authorization();
        var response = connections.exchange(endpoint, request, sent);
        if (response.status() == 401 && !challenged && authorizer.accepts(response, sent)) {
          response.close();
          challenged = true;
          continue;
        }
        if (failures == policy.attempts() || !isTransient(request, response.status())) {
          return response;
        }
        pause = pause(response, failures);
      } catch (IOException e) {
        if (failures == policy.attempts() || !request.repeatable() || isFinal(e)) {
          throw Failures.io(request, e);
        }
        pause = policy.delay(failures);
      }
      Thread.sleep(pause);
      failures++;
    }
  }

  private static boolean isTransient(Request request, int status) {
    return request.repeatable() ? TRANSIENT.contains(status) : NOT_DONE.contains(status);
  }

  private Duration pause(Response response, int failures) {
    try (response) {
      var asked = RetryAfter.parse(response.header("Retry-After"), clock.instant());
      if (asked.isEmpty()) {
        return policy.delay(failures);
      }
      if (asked.get().compareTo(policy.longestWait()) > 0) {
        throw Failures.answer(
            ErrorKind.BUSY,
            response,
            response.status() + ": the registry asks to come back in " + asked.get().toSeconds() + " s, which is too long");
      }
      return asked.get();
    }
  }

  /// Whether asking again cannot help.
  private static boolean isFinal(IOException e) {
    return Failures.isDistrust(e)
        // Without an alert it may have been the network.
        || (Failures.isClientRefused(e) && !(e instanceof ClientWantedException))
        || (e instanceof ProxyException proxy && proxy.isFinal())
        || e instanceof BodyStream.TooLongException
        || e.getCause() instanceof UnresolvedAddressException
        // The JDK wraps it twice.
        || (e.getCause() != null && e.getCause().getCause() instanceof UnresolvedAddressException);
  }
}
