package io.containerkit.cli;

import org.jspecify.annotations.Nullable;

/// The command line cannot be understood: the caller's mistake, found before anything was done. Never leaves `ckit`, which
/// prints it as one line and exits with 125.
final class UsageException extends RuntimeException {

  UsageException(String message) {
    this(message, null);
  }

  UsageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
