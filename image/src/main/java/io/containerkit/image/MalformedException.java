package io.containerkit.image;

import java.io.IOException;

/// A stream is not what its format or its digest says. Where it is known which layer or archive that was, it becomes an
/// [io.containerkit.spec.ImageException] of kind `CORRUPT`.
final class MalformedException extends IOException {

  MalformedException(String message) {
    super(message);
  }

  MalformedException(String message, Throwable cause) {
    super(message, cause);
  }
}
