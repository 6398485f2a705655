package io.containerkit.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How a container is restored from a checkpoint. The restored container runs detached.
///
/// @param imagePath the directory that has the image
/// @param stdio what its process has for standard input, output and error
/// @param workPath the directory for CRIU's own files and logs
/// @param tcpEstablished restore open TCP connections
/// @param externalUnixSockets allow unix sockets to processes outside
/// @param shellJob allow a terminal or session from outside
/// @param fileLocks restore file locks
/// @param autoDedup punch out of the image what is restored
/// @param lazyPages fetch memory when it is touched
/// @param noPivot as for create
/// @param noSubreaper do not adopt the orphans of the container
/// @param cgroupsMode what is done about control groups
/// @param emptyNamespaces namespaces that are made but not restored, such as `network`
/// @param lsmProfile `TYPE:NAME` of another profile for the process
/// @param lsmMountContext another SELinux context for the mounts
/// @param deadline bounds this command instead of the runtime's own deadline
/// @param extraArgs further words for the runtime, before the id
public record RestoreOptions(
    Path imagePath,
    Stdio stdio,
    Optional<Path> workPath,
    boolean tcpEstablished,
    boolean externalUnixSockets,
    boolean shellJob,
    boolean fileLocks,
    boolean autoDedup,
    boolean lazyPages,
    boolean noPivot,
    boolean noSubreaper,
    Optional<CgroupsMode> cgroupsMode,
    List<String> emptyNamespaces,
    Optional<String> lsmProfile,
    Optional<String> lsmMountContext,
    Optional<Duration> deadline,
    List<String> extraArgs) {

  public RestoreOptions {
    emptyNamespaces = List.copyOf(emptyNamespaces);
    extraArgs = List.copyOf(extraArgs);
  }

  /// Starts from an image directory and no option.
  public static Builder builder(Path imagePath) {
    return new Builder(imagePath);
  }

  /// With what the making of a container has as well: its standard streams, and its deadline and [#noPivot] where these say nothing.
  public RestoreOptions with(CreateOptions made) {
    return new RestoreOptions(
        imagePath,
        made.stdio(),
        workPath,
        tcpEstablished,
        externalUnixSockets,
        shellJob,
        fileLocks,
        autoDedup,
        lazyPages,
        noPivot || made.noPivot(),
        noSubreaper,
        cgroupsMode,
        emptyNamespaces,
        lsmProfile,
        lsmMountContext,
        deadline.or(made::deadline),
        extraArgs);
  }

  /// The options as the runtime of this dialect takes them.
  ///
  /// @throws io.containerkit.spec.CommandException of kind `UNSUPPORTED` if it does not take one of them
  public List<String> args(Dialect dialect) {
    return new Args(dialect, "restore")
        .flag("detach", true)
        .option("image-path", imagePath)
        .option("work-path", workPath)
        .flag("tcp-established", tcpEstablished)
        .flag("ext-unix-sk", externalUnixSockets)
        .flag("shell-job", shellJob)
        .flag("file-locks", fileLocks)
        .flag("auto-dedup", autoDedup)
        .flag("lazy-pages", lazyPages)
        .flag("no-pivot", noPivot)
        .flag("no-subreaper", noSubreaper)
        .option("manage-cgroups-mode", cgroupsMode)
        .each("empty-ns", emptyNamespaces)
        .option("lsm-profile", lsmProfile)
        .option("lsm-mount-context", lsmMountContext)
        .extra(extraArgs)
        .list();
  }

  /// Collects the options.
  public static final class Builder extends CriuBuilder<Builder> {
    private Stdio stdio = Stdio.none();
    private boolean noPivot;
    private boolean noSubreaper;
    private Optional<String> lsmProfile = Optional.empty();
    private Optional<String> lsmMountContext = Optional.empty();

    private Builder(Path imagePath) {
      super(imagePath);
    }

    /// What the process has for standard input, output and error. Unless set: [Stdio#none].
    public Builder stdio(Stdio stdio) {
      this.stdio = stdio;
      return this;
    }

    /// Whether to do without `pivot_root`.
    public Builder noPivot(boolean noPivot) {
      this.noPivot = noPivot;
      return this;
    }

    /// Whether the runtime leaves the orphans of the container to others.
    public Builder noSubreaper(boolean noSubreaper) {
      this.noSubreaper = noSubreaper;
      return this;
    }

    /// Another profile for the process, `TYPE:NAME`.
    public Builder lsmProfile(String lsmProfile) {
      this.lsmProfile = Optional.of(lsmProfile);
      return this;
    }

    /// Another SELinux context for the mounts.
    public Builder lsmMountContext(String lsmMountContext) {
      this.lsmMountContext = Optional.of(lsmMountContext);
      return this;
    }

    /// The options.
    public RestoreOptions build() {
      return new RestoreOptions(
          imagePath,
          stdio,
          workPath,
          tcpEstablished,
          externalUnixSockets,
          shellJob,
          fileLocks,
          autoDedup,
          lazyPages,
          noPivot,
          noSubreaper,
          cgroupsMode,
          emptyNamespaces,
          lsmProfile,
          lsmMountContext,
          deadline,
          extraArgs);
    }
  }
}
