package io.containerkit.image;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.OptionalLong;
import java.util.Set;

/// The answer to a request, its body not yet read. Owned by who asked, to be closed.
///
/// @param request what was asked
/// @param uri who answered in the end, after redirects
/// @param status the HTTP status
/// @param headers the headers
/// @param body the body
record Response(Request request, URI uri, int status, HttpHeaders headers, BodyStream body)
    implements AutoCloseable {

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  boolean isRedirect() {
    return REDIRECTS.contains(status);
  }

  String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  /// The body's length as the header tells it.
  OptionalLong contentLength() {
    var text = header("Content-Length").strip();
    return text.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }

  @Override
  public void close() {
    body.close();
  }
}
