package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import java.net.URI;
import java.util.HashSet;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The pages of a list, each of which names the next by a `Link` header (RFC 8288).
final class Pages {

  private static final int MOST = 10_000;
  /// Of all pages together: half a million tags, or as many referrers as anyone will look through.
  private static final int MOST_BYTES = 64 << 20;
  private static final Pattern NEXT = Pattern.compile("<([^>]*)>[^,]*;\\s*rel=\"?next\"?", Pattern.CASE_INSENSITIVE);

  private final Transport transport;
  private final Endpoint endpoint;
  private final Set<URI> seen = new HashSet<>();
  private @Nullable URI next;
  private long bytes;

  Pages(Transport transport, Endpoint endpoint, URI first) {
    this.transport = transport;
    this.endpoint = endpoint;
    this.next = first;
  }

  boolean hasNext() {
    return next != null;
  }

  /// The next page, at most `limit` bytes long; empty where there is none.
  Optional<Transport.Answer> next(int limit) throws InterruptedException {
    var uri = next;
    if (uri == null) {
      throw new NoSuchElementException("no further page");
    }
    next = null;
    seen.add(uri);
    var request = Request.get(uri, Scope.pull(endpoint.repository()));
    var page = transport.documentIfFound(endpoint, request, limit);
    if (page.isPresent()) {
      bytes += page.get().bytes().length;
      if (bytes > MOST_BYTES) {
        throw page.get().corrupt("the pages of the list have more than " + MOST_BYTES + " bytes");
      }
      follow(page.get().response());
    }
    return page;
  }

  private void follow(Response page) {
    for (var header : page.headers().allValues("Link")) {
      var link = NEXT.matcher(header);
      if (link.find()) {
        next = checked(page, link.group(1));
        return;
      }
    }
  }

  private URI checked(Response page, String link) {
    URI uri;
    try {
      uri = Connections.resolve(page.uri(), URI.create(link));
    } catch (IllegalArgumentException _) {
      throw Failures.answer(ErrorKind.CORRUPT, page, "the next page is at what is no URL: " + Quoted.of(link));
    }
    if (uri.getHost() == null || !Connections.sameOrigin(uri, page.request().uri())) {
      throw Failures.answer(ErrorKind.CORRUPT, page, "the next page is on another host, which is refused: " + Quoted.of(link));
    }
    if (seen.contains(uri) || seen.size() >= MOST) {
      throw Failures.answer(ErrorKind.CORRUPT, page, "the pages of the list do not end");
    }
    return uri;
  }
}
