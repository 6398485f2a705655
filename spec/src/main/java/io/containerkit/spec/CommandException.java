package io.containerkit.spec;

import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A command of an OCI runtime failed, could not be run, or was refused before that. Carries everything that the runtime said.
public final class CommandException extends ContainerException {

  private final List<String> argv;
  private final @Nullable Integer exitStatus;
  private final String stderrTail;
  private final List<LogEntry> log;

  /// @param kind the failure's kind
  /// @param message what failed, on what, why
  /// @param argv the command as it was run
  /// @param exitStatus the runtime's own exit status (128 + n when a signal ended it); empty when it never ran or never ended
  /// @param stderrTail the last part of what it wrote to standard error
  /// @param log the entries of its log, in their order
  /// @param cause what else failed, or null
  public CommandException(
      ErrorKind kind,
      String message,
      List<String> argv,
      OptionalInt exitStatus,
      String stderrTail,
      List<LogEntry> log,
      @Nullable Throwable cause) {
    super(kind, message, cause);
    this.argv = List.copyOf(argv);
    this.exitStatus = exitStatus.isPresent() ? exitStatus.getAsInt() : null;
    this.stderrTail = stderrTail;
    this.log = List.copyOf(log);
  }

  /// The command as it was run; empty if what was wrong kept it from being run.
  public List<String> argv() {
    return argv;
  }

  /// The runtime's own exit status, 128 + n when a signal ended it; empty when it never ran or never ended.
  public OptionalInt exitStatus() {
    return exitStatus == null ? OptionalInt.empty() : OptionalInt.of(exitStatus);
  }

  /// The last part of what the runtime wrote to its standard error.
  public String stderrTail() {
    return stderrTail;
  }

  /// The entries of the runtime's log for this command, in their order.
  public List<LogEntry> log() {
    return log;
  }
}
