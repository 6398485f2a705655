package io.containerkit.runtime;

import io.containerkit.linux.Fd;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How a container is run by one command of the runtime.
///
/// @param stdio what its process has for standard input, output and error; a terminal only if it is detached, since a runtime hands over
///     the terminal of no other
/// @param descriptors become 3, 4, … in its process; they stay the caller's, who may close them when `run` has returned
/// @param detach let the runtime's command end when the process has started; otherwise the command stays, reports how the process
///     ended, and deletes the container
/// @param keep do not delete the container when its process has ended
/// @param noPivot as for create
/// @param noNewKeyring as for create
/// @param noSubreaper do not adopt the orphans of the container
/// @param deadline bounds the time to the start of the process, not its run, instead of the runtime's own deadline
/// @param extraArgs further words for the runtime, before the id
public record RunOptions(
    Stdio stdio,
    List<Fd> descriptors,
    boolean detach,
    boolean keep,
    boolean noPivot,
    boolean noNewKeyring,
    boolean noSubreaper,
    Optional<Duration> deadline,
    List<String> extraArgs) {

  private static final RunOptions DEFAULTS = builder().build();

  public RunOptions {
    descriptors = List.copyOf(descriptors);
    extraArgs = List.copyOf(extraArgs);
    if (stdio instanceof Stdio.Console && !detach) {
      throw new IllegalArgumentException("a run in the foreground hands over no terminal: detach it, or create and start the container");
    }
  }

  /// A run in the foreground with nothing on standard input, output and error.
  public static RunOptions defaults() {
    return DEFAULTS;
  }

  /// Starts from [#defaults].
  public static Builder builder() {
    return new Builder();
  }

  /// The options as the runtime of this dialect takes them.
  ///
  /// @throws io.containerkit.spec.CommandException of kind `UNSUPPORTED` if it does not take one of them
  public List<String> args(Dialect dialect) {
    return new Args(dialect, "run")
        .flag("detach", detach)
        .flag("keep", keep)
        .flag("no-pivot", noPivot)
        .flag("no-new-keyring", noNewKeyring)
        .flag("no-subreaper", noSubreaper)
        .descriptors(descriptors.size())
        .extra(extraArgs)
        .list();
  }

  /// Collects the options.
  public static final class Builder extends StartBuilder<Builder> {
    private boolean detach;
    private boolean keep;
    private boolean noPivot;
    private boolean noNewKeyring;
    private boolean noSubreaper;

    private Builder() {}

    /// Whether the runtime's command ends when the process has started.
    public Builder detach(boolean detach) {
      this.detach = detach;
      return this;
    }

    /// Whether the container stays when its process has ended.
    public Builder keep(boolean keep) {
      this.keep = keep;
      return this;
    }

    /// Whether to do without `pivot_root`.
    public Builder noPivot(boolean noPivot) {
      this.noPivot = noPivot;
      return this;
    }

    /// Whether to keep the caller's session keyring.
    public Builder noNewKeyring(boolean noNewKeyring) {
      this.noNewKeyring = noNewKeyring;
      return this;
    }

    /// Whether the runtime leaves the orphans of the container to others.
    public Builder noSubreaper(boolean noSubreaper) {
      this.noSubreaper = noSubreaper;
      return this;
    }

    /// The options.
    ///
    /// @throws IllegalArgumentException if there is a terminal and the command does not detach
    public RunOptions build() {
      return new RunOptions(
          stdio, descriptors, detach, keep, noPivot, noNewKeyring, noSubreaper, deadline, extraArgs);
    }
  }
}
