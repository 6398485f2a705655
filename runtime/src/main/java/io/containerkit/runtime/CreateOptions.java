package io.containerkit.runtime;

import io.containerkit.linux.Fd;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How a container is created.
///
/// @param stdio what its process has for standard input, output and error
/// @param descriptors become 3, 4, … in its process; they stay the caller's, who may close them when `create` has returned
/// @param noPivot enter the root file system by `chroot`-like moves instead of `pivot_root`, for a host that runs from a ramdisk
/// @param noNewKeyring keep the caller's session keyring
/// @param deadline bounds this command instead of the runtime's own deadline
/// @param extraArgs further words for the runtime, before the id
public record CreateOptions(
    Stdio stdio,
    List<Fd> descriptors,
    boolean noPivot,
    boolean noNewKeyring,
    Optional<Duration> deadline,
    List<String> extraArgs) {

  private static final CreateOptions DEFAULTS = builder().build();

  public CreateOptions {
    descriptors = List.copyOf(descriptors);
    extraArgs = List.copyOf(extraArgs);
  }

  /// Nothing on standard input, output and error, and no option.
  public static CreateOptions defaults() {
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
    return new Args(dialect, "create")
        .flag("no-pivot", noPivot)
        .flag("no-new-keyring", noNewKeyring)
        .descriptors(descriptors.size())
        .extra(extraArgs)
        .list();
  }

  /// Collects the options.
  public static final class Builder extends StartBuilder<Builder> {
    private boolean noPivot;
    private boolean noNewKeyring;

    private Builder() {}

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

    /// The options.
    public CreateOptions build() {
      return new CreateOptions(stdio, descriptors, noPivot, noNewKeyring, deadline, extraArgs);
    }
  }
}
