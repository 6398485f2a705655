package io.containerkit.spec;

import org.jspecify.annotations.Nullable;

/// The root of every failure that containerkit reports. Each leaf carries the facts of its failure as data; the message says
/// what was attempted, on what, why it failed and, where that is known, what to do.
///
/// Failures of clean-up that happen on the way are [suppressed][Throwable#getSuppressed()], never lost.
public abstract sealed class ContainerException extends RuntimeException
    permits SpecException,
        KernelException,
        CommandException,
        EngineException,
        ImageException,
        RegistryException {

  private final ErrorKind kind;

  ContainerException(ErrorKind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /// What went wrong, for callers that decide by it.
  public final ErrorKind kind() {
    return kind;
  }
}
