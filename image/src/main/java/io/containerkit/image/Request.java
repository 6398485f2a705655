package io.containerkit.image;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// A request as it is meant, before credentials, retries and redirects.
///
/// @param method the HTTP method
/// @param uri the address
/// @param headers the headers
/// @param scope what a token must allow
/// @param body makes the body, anew for each attempt
/// @param length the body's length in bytes
/// @param repeatable whether the request may be made again after it may have had its effect
/// @param followsRedirects whether the answer is that of where it redirects to
record Request(
    String method,
    URI uri,
    Map<String, String> headers,
    Scope scope,
    Supplier<BodyPublisher> body,
    long length,
    boolean repeatable,
    boolean followsRedirects) {

  Request {
    headers = Map.copyOf(headers);
  }

  /// A request without a body; all but a POST may be repeated.
  static Request of(String method, URI uri, Scope scope) {
    return new Request(
        method, uri, Map.of(), scope, BodyPublishers::noBody, 0, !method.equals("POST"), isRead(method));
  }

  static Request get(URI uri, Scope scope) {
    return of("GET", uri, scope);
  }

  Request with(String header, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Request(method, uri, more, scope, body, length, repeatable, followsRedirects);
  }

  Request with(Supplier<BodyPublisher> newBody, long newLength, boolean newRepeatable) {
    return new Request(method, uri, headers, scope, newBody, newLength, newRepeatable, followsRedirects);
  }

  Request withoutRedirects() {
    return new Request(method, uri, headers, scope, body, length, repeatable, false);
  }

  /// Whether it only asks.
  boolean isRead() {
    return isRead(method);
  }

  private static boolean isRead(String method) {
    return method.equals("GET") || method.equals("HEAD");
  }
}
