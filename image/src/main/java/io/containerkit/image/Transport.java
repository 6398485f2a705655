package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.RegistryException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;

/// Requests to registries with all that belongs to each: the right scheme, credentials, retries, redirects, limits.
final class Transport implements AutoCloseable {

  private final Connections connections;
  private final Attempts attempts;
  private final Auth auth;

  Transport(RegistryConfig config, CredentialSource credentials, RetryPolicy policy, Timeouts timeouts, Clock clock) {
    this.connections = new Connections(config, timeouts);
    this.attempts = new Attempts(connections, policy, clock);
    this.auth = new Auth(credentials, attempts, timeouts.document(), clock);
  }

  /// An address within a repository: `/v2/NAME/` and the path.
  URI uri(Endpoint endpoint, String path) throws InterruptedException {
    return root(endpoint).resolve(endpoint.repository() + "/" + path);
  }

  /// The root of a registry's API.
  URI root(Endpoint endpoint) throws InterruptedException {
    return attempts.base(endpoint);
  }

  RetryPolicy policy() {
    return attempts.policy();
  }

  /// Has the next request to each registry ask for the credentials anew.
  void forgetCredentials() {
    auth.forget();
  }

  /// The answer to a request, whatever its status. Credentials go to the registry only, wherever an upload may have been sent.
  Response send(Endpoint endpoint, Request request) throws InterruptedException {
    var authorizer =
        Connections.sameOrigin(root(endpoint), request.uri())
            ? auth.authorizer(endpoint, request)
            : Attempts.Authorizer.fixed(null);
    return attempts.send(endpoint, request, authorizer);
  }

  /// The answer to a request that must succeed.
  Response sendOk(Endpoint endpoint, Request request) throws InterruptedException {
    return successful(send(endpoint, request));
  }

  private static Response successful(Response response) {
    if (!response.isSuccess()) {
      try (response) {
        throw Failures.status(response);
      }
    }
    return response;
  }

  /// A short answer as a whole.
  static final class Answer {
    private final Response response;
    private final byte[] bytes;

    private Answer(Response response, byte[] bytes) {
      this.response = response;
      this.bytes = bytes;
    }

    /// Status and headers; the body is in [#bytes()].
    Response response() {
      return response;
    }

    byte[] bytes() {
      return bytes;
    }

    RegistryException corrupt(String why) {
      return Failures.answer(ErrorKind.CORRUPT, response, why);
    }
  }

  /// The answer to a request that must succeed, with its body, which is asked for again when it breaks off.
  Answer document(Endpoint endpoint, Request request, int limit) throws InterruptedException {
    return read(sendOk(endpoint, request), endpoint, limit);
  }

  /// The same, but empty for status 404.
  Optional<Answer> documentIfFound(Endpoint endpoint, Request request, int limit) throws InterruptedException {
    var response = send(endpoint, request);
    if (response.status() == 404) {
      response.close();
      return Optional.empty();
    }
    return Optional.of(read(successful(response), endpoint, limit));
  }

  private Answer read(Response first, Endpoint endpoint, int limit) throws InterruptedException {
    var next = first;
    for (var failures = 1; ; failures++) {
      var response = next;
      try (response) {
        var length = response.contentLength();
        if (length.isPresent() && length.getAsLong() > limit) {
          throw new BodyStream.TooLongException("the body is " + length.getAsLong() + " bytes long, more than " + limit);
        }
        return new Answer(response, response.body().readAll(limit, connections.timeouts().document()));
      } catch (IOException e) {
        var failure = broken(response, e);
        if (failures == policy().attempts() || e instanceof BodyStream.TooLongException) {
          throw failure;
        }
      }
      Thread.sleep(policy().delay(failures));
      next = sendOk(endpoint, first.request());
    }
  }

  /// What a broken body means; the interrupt of the reader stays one.
  static RegistryException broken(Response response, IOException e) throws InterruptedException {
    if (e instanceof InterruptedIOException && Thread.interrupted()) {
      throw (InterruptedException) new InterruptedException(e.getMessage()).initCause(e);
    }
    return Failures.io(response.request(), e);
  }

  @Override
  public void close() {
    connections.close();
  }
}
