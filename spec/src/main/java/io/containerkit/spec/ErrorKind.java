package io.containerkit.spec;

/// What went wrong, as a caller wants to tell it apart. The kind maps to exit codes here and to HTTP and gRPC status in the
/// front ends, in one switch each.
public enum ErrorKind {
  /// The container, or what was named, does not exist.
  NOT_FOUND,
  /// The id is in use.
  ALREADY_EXISTS,
  /// The container is not running (created or stopped), so the command cannot apply.
  NOT_RUNNING,
  /// The container is still running, so the command cannot apply.
  RUNNING,
  /// The container is paused.
  PAUSED,
  /// There is no such process.
  NO_SUCH_PROCESS,
  /// The process has finished already.
  ALREADY_FINISHED,
  /// The container's executable does not exist: exit code 127.
  EXECUTABLE_NOT_FOUND,
  /// The container's executable may not be run: exit code 126.
  PERMISSION_DENIED,
  /// The id is not one a runtime accepts.
  INVALID_ID,
  /// The bundle or its configuration is refused.
  INVALID_CONFIG,
  /// An argument of the call is refused.
  INVALID_ARGUMENT,
  /// A resource is in use for now.
  BUSY,
  /// The runtime's binary is missing or cannot be executed.
  RUNTIME_NOT_FOUND,
  /// A registry wants credentials, or refuses those it got.
  UNAUTHORIZED,
  /// Content is not what its digest, size or type says.
  CORRUPT,
  /// This runtime, kernel or host cannot do it.
  UNSUPPORTED,
  /// A deadline passed.
  TIMED_OUT,
  /// The caller was interrupted or cancelled the operation.
  CANCELLED,
  /// No space, memory or descriptor was left.
  NO_SPACE,
  /// A file or stream failed otherwise.
  IO,
  /// Everything that none of the others says.
  INTERNAL;

  /// The exit code of a command that fails with this kind: 127, 126, or 125 for every failure that is not the container's own.
  public int exitCode() {
    return switch (this) {
      case EXECUTABLE_NOT_FOUND -> 127;
      case PERMISSION_DENIED -> 126;
      default -> 125;
    };
  }
}
