package io.containerkit.runtime;

import io.containerkit.linux.Fd;
import io.containerkit.spec.ConsoleSize;
import io.containerkit.spec.ProcessSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How a further process is run in a container.
///
/// @param stdio what the process has for standard input, output and error
/// @param descriptors become 3, 4, … in the process; they stay the caller's, who may close them when `exec` has returned
/// @param detach let the runtime's command end when the process has started, which saves a process for as long as it runs; but one
///     that ends at once may be reaped before it can be held, and then its status is unknown, unless this JVM is a subreaper. A
///     process with a terminal is always detached. Otherwise the command stays, and the status is always known
/// @param cgroup a control group below the container's own that the process joins
/// @param ignorePaused queue the process in a paused container instead of failing
/// @param timeout kill the process when it has run for so long
/// @param deadline bounds the time to the start of the process, not its run, instead of the runtime's own deadline
/// @param extraArgs further words for the runtime, before the id
public record ExecOptions(
    Stdio stdio,
    List<Fd> descriptors,
    boolean detach,
    Optional<String> cgroup,
    boolean ignorePaused,
    Optional<Duration> timeout,
    Optional<Duration> deadline,
    List<String> extraArgs) {

  private static final ExecOptions DEFAULTS = builder().build();

  public ExecOptions {
    descriptors = List.copyOf(descriptors);
    extraArgs = List.copyOf(extraArgs);
  }

  /// Attached, with nothing on standard input, output and error.
  public static ExecOptions defaults() {
    return DEFAULTS;
  }

  /// Starts from [#defaults].
  public static Builder builder() {
    return new Builder();
  }

  /// Whether the runtime's command ends when the process has started.
  boolean isDetached() {
    return detach || stdio instanceof Stdio.Console;
  }

  /// The options as the runtime of this dialect takes them.
  ///
  /// @throws io.containerkit.spec.CommandException of kind `UNSUPPORTED` if it does not take one of them
  public List<String> args(Dialect dialect) {
    return new Args(dialect, "exec")
        .flag("detach", isDetached())
        .option("cgroup", cgroup)
        .flag("ignore-paused", ignorePaused)
        .descriptors(descriptors.size())
        .extra(extraArgs)
        .list();
  }

  /// A process with the first size of its terminal, if it has one: it can be over before the terminal has come to be resized.
  ProcessSpec sized(ProcessSpec process) {
    if (stdio instanceof Stdio.Console console && process.consoleSize() == null) {
      return process.toBuilder().consoleSize(ConsoleSize.of(console.size().rows(), console.size().columns())).build();
    }
    return process;
  }

  /// Collects the options.
  public static final class Builder extends StartBuilder<Builder> {
    private boolean detach;
    private Optional<String> cgroup = Optional.empty();
    private boolean ignorePaused;
    private Optional<Duration> timeout = Optional.empty();

    private Builder() {}

    /// Whether the runtime's command ends when the process has started.
    public Builder detach(boolean detach) {
      this.detach = detach;
      return this;
    }

    /// A control group below the container's own.
    public Builder cgroup(String cgroup) {
      this.cgroup = Optional.of(cgroup);
      return this;
    }

    /// Whether a paused container takes the process.
    public Builder ignorePaused(boolean ignorePaused) {
      this.ignorePaused = ignorePaused;
      return this;
    }

    /// How long the process may run before it is killed.
    public Builder timeout(Duration timeout) {
      this.timeout = Optional.of(timeout);
      return this;
    }

    /// The options.
    public ExecOptions build() {
      return new ExecOptions(stdio, descriptors, detach, cgroup, ignorePaused, timeout, deadline, extraArgs);
    }
  }
}
