package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.RegistryException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Pushes blobs: not at all where the registry has them, by mounting from another repository, in one piece, or in chunks that are
/// taken up again where they broke off.
final class Uploads {

  private static final Pattern RANGE = Pattern.compile("(?:bytes=)?0-([0-9]{1,18})");

  private final Transport transport;
  private final long chunk;

  Uploads(Transport transport, long chunk) {
    this.transport = transport;
    this.chunk = chunk;
  }

  /// How a blob came to be in the repository.
  enum Outcome {
    /// It was there.
    PRESENT,
    /// It was mounted from another repository.
    MOUNTED,
    /// It was uploaded.
    UPLOADED
  }

  /// Pushes a blob.
  ///
  /// @param mountFrom another repository of the same registry that may have it, or null
  Outcome push(Endpoint endpoint, Descriptor blob, BlobContent content, @Nullable String mountFrom)
      throws IOException, InterruptedException {
    if (exists(endpoint, blob)) {
      return Outcome.PRESENT;
    }
    for (var failures = 1; ; failures++) {
      try (var cursor = new Cursor(content)) {
        var session = start(endpoint, blob, mountFrom);
        if (session == null) {
          return Outcome.MOUNTED;
        }
        if (blob.size() <= Math.max(chunk, session.leastChunk)) {
          finish(endpoint, blob, session.location, cursor, 0);
        } else {
          sendChunks(endpoint, blob, session, cursor);
        }
        return Outcome.UPLOADED;
      } catch (RegistryException e) {
        // An upload that has broken off for good is begun again: its session may be in any state.
        if (failures == transport.policy().attempts() || !isTransient(e)) {
          throw e;
        }
        Thread.sleep(transport.policy().delay(failures));
      }
    }
  }

  private boolean exists(Endpoint endpoint, Descriptor blob) throws InterruptedException {
    var uri = transport.uri(endpoint, "blobs/" + blob.digest());
    try (var response = transport.send(endpoint, Request.of("HEAD", uri, Scope.push(endpoint.repository())))) {
      if (response.isSuccess() || response.status() == 404) {
        return response.isSuccess();
      }
      throw Failures.status(response);
    }
  }

  private record Session(URI location, long leastChunk) {}

  /// Begins an upload; null where the blob could be mounted instead.
  private @Nullable Session start(Endpoint endpoint, Descriptor blob, @Nullable String mountFrom)
      throws InterruptedException {
    var scope = Scope.push(endpoint.repository());
    var query = "";
    if (mountFrom != null) {
      scope = scope.and(Scope.pull(mountFrom));
      query = "?mount=" + blob.digest() + "&from=" + mountFrom;
    }
    // Asked twice, it leaves an empty session behind, which the registry clears away.
    var request =
        Request.of("POST", transport.uri(endpoint, "blobs/uploads/" + query), scope)
            .with(BodyPublishers::noBody, 0, true);
    try (var response = transport.sendOk(endpoint, request)) {
      if (response.status() == 201) {
        return null;
      }
      var least = response.header("OCI-Chunk-Min-Length").strip();
      return new Session(location(response), least.matches("[0-9]{1,15}") ? Long.parseLong(least) : 0);
    }
  }

  private void sendChunks(Endpoint endpoint, Descriptor blob, Session session, Cursor cursor)
      throws IOException, InterruptedException {
    var length = Math.max(chunk, session.leastChunk);
    var location = session.location;
    var at = 0L;
    var furthest = 0L;
    var failures = 0;
    while (at < blob.size()) {
      var to = Math.min(at + length, blob.size());
      Progress progress;
      try {
        progress = sendChunk(endpoint, location, cursor, at, to);
      } catch (RegistryException e) {
        if (++failures >= transport.policy().attempts() || !isTransient(e)) {
          throw e;
        }
        cursor.close();
        Thread.sleep(transport.policy().delay(failures));
        progress = status(endpoint, location);
        failures--; // What came of it is counted below.
      }
      if (progress.received > to) {
        throw Failures.refused(
            ErrorKind.CORRUPT,
            Request.of("PATCH", location, Scope.NONE),
            "the registry has " + progress.received + " bytes of " + to + " that were sent");
      }
      if (progress.received > furthest) {
        furthest = progress.received;
        failures = 0;
      } else if (++failures >= transport.policy().attempts()) {
        throw Failures.refused(
            ErrorKind.IO,
            Request.of("PATCH", location, Scope.NONE),
            "the registry takes no more of the upload than its first " + furthest + " bytes");
      }
      at = progress.received;
      location = progress.location;
    }
    finish(endpoint, blob, location, cursor, at);
  }

  /// How far an upload has come, and where it goes on.
  private record Progress(long received, URI location) {}

  private Progress sendChunk(Endpoint endpoint, URI location, Cursor cursor, long from, long to)
      throws IOException, InterruptedException {
    var body = cursor.body(from, to);
    var request =
        Request.of("PATCH", location, Scope.push(endpoint.repository()))
            .with("Content-Type", "application/octet-stream")
            .with("Content-Range", from + "-" + (to - 1))
            .with(() -> body, to - from, false);
    try (var response = transport.sendOk(endpoint, request)) {
      return progress(response, to);
    }
  }

  private Progress status(Endpoint endpoint, URI location) throws InterruptedException {
    try (var response = transport.sendOk(endpoint, Request.get(location, Scope.push(endpoint.repository())))) {
      return progress(response, 0);
    }
  }

  private static Progress progress(Response response, long otherwise) {
    var range = RANGE.matcher(response.header("Range").strip());
    var received = range.matches() ? Long.parseLong(range.group(1)) + 1 : otherwise;
    // Registries write 0-0 for nothing too; no chunk is one byte long.
    return new Progress(received == 1 ? 0 : received, location(response));
  }

  private void finish(Endpoint endpoint, Descriptor blob, URI location, Cursor cursor, long from)
      throws IOException, InterruptedException {
    var separator = location.getRawQuery() == null ? "?" : "&";
    var uri = URI.create(location + separator + "digest=" + blob.digest());
    var request = Request.of("PUT", uri, Scope.push(endpoint.repository()));
    if (from < blob.size()) {
      var body = cursor.body(from, blob.size());
      request =
          request.with("Content-Type", "application/octet-stream").with(() -> body, blob.size() - from, false);
    }
    transport.sendOk(endpoint, request).close();
  }

  private static URI location(Response response) {
    return Connections.target(response);
  }

  private static boolean isTransient(RegistryException e) {
    return switch (e.kind()) {
      case IO, TIMED_OUT, BUSY, NOT_FOUND -> true;
      // 416: the two sides disagree about how much has come.
      default -> e.status().isPresent() && e.status().getAsInt() == 416;
    };
  }

  /// Reads the content piece by piece, and anew from its start when a piece has to be sent again.
  private static final class Cursor implements AutoCloseable {
    private final BlobContent content;
    private @Nullable Piece last;

    Cursor(BlobContent content) {
      this.content = content;
    }

    BodyPublisher body(long from, long to) throws IOException, InterruptedException {
      var piece = last != null && last.isReadUpTo(from) ? new Piece(last.in, from, to) : reopened(from, to);
      last = piece;
      return BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> piece), to - from);
    }

    private Piece reopened(long from, long to) throws IOException, InterruptedException {
      close();
      var piece = new Piece(content.open(), from, to);
      last = piece;
      piece.in.skipNBytes(from);
      return piece;
    }

    @Override
    public void close() throws IOException {
      if (last != null) {
        last.in.close();
        last = null;
      }
    }
  }

  /// A piece of a stream, which stays open when the piece is closed.
  private static final class Piece extends InputStream {
    private final InputStream in;
    private final long to;
    // Moved by a thread of the HTTP client, looked at when the request is answered.
    private long at;

    Piece(InputStream in, long from, long to) {
      this.in = in;
      this.at = from;
      this.to = to;
    }

    boolean isReadUpTo(long position) {
      return at == to && to == position;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (at == to) {
        return -1;
      }
      var count = in.read(into, offset, (int) Math.min(length, to - at));
      at += Math.max(count, 0);
      return count;
    }
  }
}
