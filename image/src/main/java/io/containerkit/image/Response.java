package io.containerkit.image;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.OptionalLong;

/// The answer to a request, its body not yet read. Owned by who asked, to be closed.
///
/// @param request what was asked
/// @param uri who answered in the end, after redirects
/// @param status the HTTP status
/// @param headers the headers
/// @param body the body
record Response(Request request, URI uri, int status, HttpHeaders headers, BodyStream body)
    implements AutoCloseable {

  boolean isSuccess() {
    return status >= 200 && status < 300;
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
