package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A proxy does not do what it is there for. The message says which proxy, without its password.
final class ProxyException extends IOException {

  private static final long serialVersionUID = 1;

  private final ErrorKind kind;

  ProxyException(ErrorKind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  ErrorKind kind() {
    return kind;
  }

  /// Whether asking again cannot help: only what is busy, silent or out of reach may get better.
  boolean isFinal() {
    return kind != ErrorKind.IO && kind != ErrorKind.TIMED_OUT;
  }
}
