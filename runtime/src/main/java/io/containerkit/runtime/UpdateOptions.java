package io.containerkit.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How the limits of a container are changed.
///
/// @param merge send the limits in force along for those that the change leaves out and a runtime would reset: cpuset, burst, pids
///     and unified. Without it the change is sent as it is
/// @param deadline bounds this command instead of the runtime's own deadline
/// @param extraArgs further words for the runtime, before the id
public record UpdateOptions(boolean merge, Optional<Duration> deadline, List<String> extraArgs) {

  private static final UpdateOptions DEFAULTS = new UpdateOptions(true, Optional.empty(), List.of());

  /// Copies the list.
  public UpdateOptions {
    extraArgs = List.copyOf(extraArgs);
  }

  /// Merged.
  public static UpdateOptions defaults() {
    return DEFAULTS;
  }

  /// With or without the limits in force.
  public UpdateOptions withMerge(boolean merge) {
    return new UpdateOptions(merge, deadline, extraArgs);
  }

  /// With a bound of its own for this command.
  public UpdateOptions withDeadline(Duration deadline) {
    return new UpdateOptions(merge, Optional.of(deadline), extraArgs);
  }

  /// With further words for the runtime, before the id.
  public UpdateOptions withExtraArgs(String... extraArgs) {
    return new UpdateOptions(merge, deadline, List.of(extraArgs));
  }

  /// The options as the runtime of this dialect takes them; the limits themselves come in a file.
  ///
  /// @throws io.containerkit.spec.CommandException of kind `UNSUPPORTED` if it has no `update`
  public List<String> args(Dialect dialect, Path resources) {
    return new Args(dialect, "update").option("resources", resources).extra(extraArgs).list();
  }
}
