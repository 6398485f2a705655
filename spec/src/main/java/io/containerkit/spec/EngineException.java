package io.containerkit.spec;

import org.jspecify.annotations.Nullable;

/// The engine refused or could not finish an operation on a container; no single command or system call is the cause.
public final class EngineException extends ContainerException {

  private final String subject;

  /// @param kind the failure's kind
  /// @param subject the container or thing it was about
  /// @param message what, on what, why, and what to do
  /// @param cause what failed below, or null
  public EngineException(ErrorKind kind, String subject, String message, @Nullable Throwable cause) {
    super(kind, message, cause);
    this.subject = subject;
  }

  /// The container or thing that the operation was about.
  public String subject() {
    return subject;
  }
}
