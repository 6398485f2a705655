package io.containerkit.engine;

import io.containerkit.runtime.HostProbe;
import io.containerkit.runtime.OciRuntimeBuilder;
import io.containerkit.runtime.Rootless;
import io.containerkit.runtime.RuntimeFinder;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Says how an engine differs from the usual one, and opens it.
public final class ContainerKitBuilder {

  private @Nullable String runtime;
  private Path state = defaultState();
  private @Nullable Path imageRoot;
  private @Nullable Path volumeRoot;
  private Duration deadline = Duration.ofMinutes(1);
  private boolean debug;
  private boolean systemdCgroup;
  private @Nullable Path criu;
  private @Nullable Rootless rootless;
  private List<String> globalArgs = List.of();

  ContainerKitBuilder() {}

  /// Sets the runtime: a name that is looked up on PATH, or the path of a binary. The default is the first of crun, runc, youki and runsc
  /// that runs a container on this host.
  public ContainerKitBuilder runtime(String runtime) {
    this.runtime = runtime;
    return this;
  }

  /// Sets the state directory. The default is `/run/containerkit`, for a user `$XDG_RUNTIME_DIR/containerkit`. It should be short: a
  /// terminal's socket lies below it, and the kernel takes 107 bytes for that.
  public ContainerKitBuilder state(Path state) {
    this.state = state.toAbsolutePath().normalize();
    return this;
  }

  /// Sets the directory of the store of images; see [io.containerkit.image.ImagesBuilder#root] for the default.
  public ContainerKitBuilder images(Path root) {
    this.imageRoot = root;
    return this;
  }

  /// Sets the directory of volumes; see [Volumes#open()] for the default.
  public ContainerKitBuilder volumes(Path root) {
    this.volumeRoot = root;
    return this;
  }

  /// Sets how long one command of the runtime may take. The default is a minute.
  public ContainerKitBuilder deadline(Duration deadline) {
    this.deadline = deadline;
    return this;
  }

  /// Whether the runtime logs what it does; what it logged is part of the error when a command fails.
  public ContainerKitBuilder debug(boolean debug) {
    this.debug = debug;
    return this;
  }

  /// Whether cgroups are made by systemd.
  public ContainerKitBuilder systemdCgroup(boolean systemdCgroup) {
    this.systemdCgroup = systemdCgroup;
    return this;
  }

  /// Sets the criu binary for checkpoint and restore.
  public ContainerKitBuilder criu(Path criu) {
    this.criu = criu;
    return this;
  }

  /// Says whether the runtime puts up with what only root may do. Unless set, it is not told.
  public ContainerKitBuilder rootless(Rootless rootless) {
    this.rootless = rootless;
    return this;
  }

  /// Sets words that the runtime gets before each command, as they are.
  public ContainerKitBuilder globalArgs(String... globalArgs) {
    return globalArgs(List.of(globalArgs));
  }

  /// Sets words that the runtime gets before each command, as they are.
  public ContainerKitBuilder globalArgs(List<String> globalArgs) {
    this.globalArgs = List.copyOf(globalArgs);
    return this;
  }

  /// Looks at the host, and runs a container with each runtime that this engine could use. Takes about a second.
  public HostProbe probe() throws InterruptedException {
    return HostProbe.of(finder());
  }

  /// Opens the engine.
  ///
  /// @throws io.containerkit.spec.ContainerException of kind `RUNTIME_NOT_FOUND` if the runtime does not work on this host
  public ContainerKit open() {
    try {
      return ContainerKit.open(finder().find(), this);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(ErrorKind.CANCELLED, state.toString(), "interrupted while looking for a runtime", e);
    }
  }

  private RuntimeFinder finder() {
    Path known = state.resolve("probe");
    return runtime == null ? new RuntimeFinder(known) : new RuntimeFinder(known, List.of(runtime));
  }

  @Nullable Path imageRoot() {
    return imageRoot;
  }

  @Nullable Path volumeRoot() {
    return volumeRoot;
  }

  List<String> globalArgs() {
    return globalArgs;
  }

  Path state() {
    return state;
  }

  OciRuntimeBuilder runtime(OciRuntimeBuilder builder) {
    builder.deadline(deadline).debug(debug).systemdCgroup(systemdCgroup);
    if (criu != null) {
      builder.criu(criu);
    }
    if (rootless != null) {
      builder.rootless(rootless);
    }
    return builder;
  }

  private static Path defaultState() {
    Path run = Path.of("/run");
    String own = System.getenv("XDG_RUNTIME_DIR");
    return (Files.isWritable(run) || own == null ? run : Path.of(own)).resolve("containerkit");
  }
}
