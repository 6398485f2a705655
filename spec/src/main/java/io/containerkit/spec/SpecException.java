package io.containerkit.spec;

import org.jspecify.annotations.Nullable;

/// A document is not what JSON or the OCI specifications allow, or its file cannot be read. The message starts with the place:
/// `/run/web/config.json /linux/resources/memory/limit: …`.
public final class SpecException extends ContainerException {

  private final String source;
  private final String pointer;
  private final String reason;

  /// @param pointer the place in the document, a JSON pointer (RFC 6901); empty for the whole document
  /// @param reason what is wrong there
  public SpecException(String pointer, String reason) {
    this("", pointer, reason, null);
  }

  /// @param source the file that the document came from; empty when it came from none
  /// @param pointer the place in the document, a JSON pointer (RFC 6901); empty for the whole document
  /// @param reason what is wrong there
  /// @param cause what a parser said, or null
  public SpecException(String source, String pointer, String reason, @Nullable Throwable cause) {
    this(ErrorKind.INVALID_CONFIG, source, pointer, reason, cause);
  }

  /// @param kind [ErrorKind#INVALID_CONFIG] unless the document could not be had at all
  SpecException(ErrorKind kind, String source, String pointer, String reason, @Nullable Throwable cause) {
    super(kind, message(source, pointer, reason), cause);
    this.source = source;
    this.pointer = pointer;
    this.reason = reason;
  }

  private static String message(String source, String pointer, String reason) {
    String place = source.isEmpty() || pointer.isEmpty() ? source + pointer : source + " " + pointer;
    return place.isEmpty() ? reason : place + ": " + reason;
  }

  /// The same mistake, for one who knows where the document came from.
  ///
  /// @param file what to name as the source
  public SpecException in(String file) {
    return new SpecException(kind(), file, pointer, reason, this);
  }

  /// The file that the document came from; empty when it came from none.
  public String source() {
    return source;
  }

  /// The place in the document, a JSON pointer (RFC 6901); empty for the whole document.
  public String pointer() {
    return pointer;
  }
}
