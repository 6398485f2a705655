package io.containerkit.runtime;

import io.containerkit.linux.Fd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How a container is checkpointed with CRIU.
///
/// @param imagePath the directory that takes the image
/// @param workPath the directory for CRIU's own files and logs
/// @param parentPath the image of an earlier [#preDump], relative to the image, that need not be repeated
/// @param leaveRunning do not stop the container
/// @param tcpEstablished save open TCP connections
/// @param tcpSkipInFlight leave out connections that are being made
/// @param externalUnixSockets allow unix sockets to processes outside
/// @param shellJob allow a terminal or session from outside
/// @param fileLocks save file locks
/// @param linkRemap allow open files whose names are gone
/// @param preDump save memory only, and go on running
/// @param autoDedup leave out of the parent image what the new one has
/// @param lazyPages leave memory to be fetched during the restore
/// @param statusDescriptor where CRIU writes a zero byte when lazy pages can be fetched
/// @param pageServer `ADDRESS:PORT` that takes the memory
/// @param cgroupsMode what is done about control groups
/// @param emptyNamespaces namespaces that are not saved, such as `network`
/// @param deadline bounds this command instead of the runtime's own deadline
/// @param extraArgs further words for the runtime, before the id
public record CheckpointOptions(
    Path imagePath,
    Optional<Path> workPath,
    Optional<Path> parentPath,
    boolean leaveRunning,
    boolean tcpEstablished,
    boolean tcpSkipInFlight,
    boolean externalUnixSockets,
    boolean shellJob,
    boolean fileLocks,
    boolean linkRemap,
    boolean preDump,
    boolean autoDedup,
    boolean lazyPages,
    Optional<Fd> statusDescriptor,
    Optional<String> pageServer,
    Optional<CgroupsMode> cgroupsMode,
    List<String> emptyNamespaces,
    Optional<Duration> deadline,
    List<String> extraArgs) {

  /// The descriptor's number in the runtime's command.
  static final int STATUS_FD = 3;

  public CheckpointOptions {
    emptyNamespaces = List.copyOf(emptyNamespaces);
    extraArgs = List.copyOf(extraArgs);
  }

  /// Starts from an image directory and no option.
  public static Builder builder(Path imagePath) {
    return new Builder(imagePath);
  }

  /// The options as the runtime of this dialect takes them.
  ///
  /// @throws io.containerkit.spec.CommandException of kind `UNSUPPORTED` if it does not take one of them
  public List<String> args(Dialect dialect) {
    return new Args(dialect, "checkpoint")
        .option("image-path", imagePath)
        .option("work-path", workPath)
        .option("parent-path", parentPath)
        .flag("leave-running", leaveRunning)
        .flag("tcp-established", tcpEstablished)
        .flag("tcp-skip-in-flight", tcpSkipInFlight)
        .flag("ext-unix-sk", externalUnixSockets)
        .flag("shell-job", shellJob)
        .flag("file-locks", fileLocks)
        .flag("link-remap", linkRemap)
        .flag("pre-dump", preDump)
        .flag("auto-dedup", autoDedup)
        .flag("lazy-pages", lazyPages)
        .option("status-fd", statusDescriptor.map(_ -> STATUS_FD))
        .option("page-server", pageServer)
        .option("manage-cgroups-mode", cgroupsMode)
        .each("empty-ns", emptyNamespaces)
        .extra(extraArgs)
        .list();
  }

  /// Collects the options.
  public static final class Builder extends CriuBuilder<Builder> {
    private Optional<Path> parentPath = Optional.empty();
    private boolean leaveRunning;
    private boolean tcpSkipInFlight;
    private boolean linkRemap;
    private boolean preDump;
    private Optional<Fd> statusDescriptor = Optional.empty();
    private Optional<String> pageServer = Optional.empty();

    private Builder(Path imagePath) {
      super(imagePath);
    }

    /// The image of an earlier pre-dump.
    public Builder parentPath(Path parentPath) {
      this.parentPath = Optional.of(parentPath);
      return this;
    }

    /// Whether the container goes on.
    public Builder leaveRunning(boolean leaveRunning) {
      this.leaveRunning = leaveRunning;
      return this;
    }

    /// Whether connections that are being made are left out.
    public Builder tcpSkipInFlight(boolean tcpSkipInFlight) {
      this.tcpSkipInFlight = tcpSkipInFlight;
      return this;
    }

    /// Whether open files whose names are gone are allowed.
    public Builder linkRemap(boolean linkRemap) {
      this.linkRemap = linkRemap;
      return this;
    }

    /// Whether only memory is saved, and the container goes on.
    public Builder preDump(boolean preDump) {
      this.preDump = preDump;
      return this;
    }

    /// Where CRIU says that lazy pages can be fetched.
    public Builder statusDescriptor(Fd statusDescriptor) {
      this.statusDescriptor = Optional.of(statusDescriptor);
      return this;
    }

    /// `ADDRESS:PORT` that takes the memory.
    public Builder pageServer(String pageServer) {
      this.pageServer = Optional.of(pageServer);
      return this;
    }

    /// The options.
    public CheckpointOptions build() {
      return new CheckpointOptions(
          imagePath,
          workPath,
          parentPath,
          leaveRunning,
          tcpEstablished,
          tcpSkipInFlight,
          externalUnixSockets,
          shellJob,
          fileLocks,
          linkRemap,
          preDump,
          autoDedup,
          lazyPages,
          statusDescriptor,
          pageServer,
          cgroupsMode,
          emptyNamespaces,
          deadline,
          extraArgs);
    }
  }
}
