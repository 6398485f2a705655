package io.containerkit.image;

import java.time.Duration;

/// How long a registry may take.
///
/// @param connect until a connection stands
/// @param answer until the answer to a request begins; an upload gets more, by its length
/// @param idle between two pieces of a body
/// @param document until a manifest, token or list is there as a whole
public record Timeouts(Duration connect, Duration answer, Duration idle, Duration document) {

  /// Ten seconds to connect, a minute to answer and between pieces, two for a document.
  public static final Timeouts DEFAULT =
      new Timeouts(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(2));

  // An upload that is slower than this is given up.
  private static final long SLOWEST_UPLOAD = 16 << 10;

  /// Until the answer to a request with a body of this length.
  Duration answerTo(long bytes) {
    return answer.plusSeconds(bytes / SLOWEST_UPLOAD);
  }
}
