package io.containerkit.spec;

import org.jspecify.annotations.Nullable;

/// An image, or a part of one, is refused or cannot be had: its name, digest, layers, or the place where it is stored.
public final class ImageException extends ContainerException {

  private final String subject;

  /// @param kind the failure's kind
  /// @param subject the reference, digest, platform or file it was about
  /// @param message what, on what, why, and what to do
  /// @param cause what failed below, or null
  public ImageException(ErrorKind kind, String subject, String message, @Nullable Throwable cause) {
    super(kind, message, cause);
    this.subject = subject;
  }

  /// The reference, digest, platform or file that the failure is about.
  public String subject() {
    return subject;
  }
}
