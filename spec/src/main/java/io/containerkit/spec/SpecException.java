package io.containerkit.spec;

import org.jspecify.annotations.Nullable;

/// A document is not what the OCI specifications allow. The message starts with the place: `/linux/resources/memory/limit: …`.
public final class SpecException extends ContainerException {

  private final String pointer;

  /// @param pointer the place in the document, a JSON pointer (RFC 6901); empty for the whole document
  /// @param reason what is wrong there
  public SpecException(String pointer, String reason) {
    this(pointer, reason, null);
  }

  /// @param cause what a parser or a file said
  public SpecException(String pointer, String reason, @Nullable Throwable cause) {
    super(ErrorKind.INVALID_CONFIG, pointer.isEmpty() ? reason : pointer + ": " + reason, cause);
    this.pointer = pointer;
  }

  /// The place in the document, a JSON pointer (RFC 6901); empty for the whole document.
  public String pointer() {
    return pointer;
  }
}
