package io.containerkit.bench;

import org.jspecify.annotations.Nullable;

/// A comparison that could not be made.
final class BenchException extends RuntimeException {

  BenchException(String message) {
    this(message, null);
  }

  BenchException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
