package io.containerkit.runtime;

import io.containerkit.linux.EventLoop;
import io.containerkit.linux.MountNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Collects the settings of an [OciRuntime].
public final class OciRuntimeBuilder {

  private final String binary;
  private @Nullable Path root;
  private @Nullable Path work;
  private @Nullable Path logs;
  private boolean debug;
  private boolean systemdCgroup;
  private @Nullable Rootless rootless;
  private @Nullable Path criu;
  private List<String> globalArgs = List.of();
  private Map<String, String> environment = System.getenv();
  private Duration deadline = Duration.ofMinutes(1);
  private Duration drain = Duration.ofSeconds(2);
  private @Nullable MountNamespace mounts;
  private @Nullable EventLoop loop;
  private @Nullable Dialect dialect;

  OciRuntimeBuilder(String binary) {
    this.binary = binary;
  }

  OciRuntimeBuilder(Settings settings, @Nullable Dialect dialect) {
    this.binary = settings.binary();
    this.root = settings.root();
    this.work = settings.work();
    this.logs = settings.logs();
    this.debug = settings.debug();
    this.systemdCgroup = settings.systemdCgroup();
    this.rootless = settings.rootless();
    this.criu = settings.criu();
    this.globalArgs = settings.globalArgs();
    this.environment = settings.environment();
    this.deadline = settings.deadline();
    this.drain = settings.drain();
    this.mounts = settings.mounts();
    this.loop = settings.loop();
    this.dialect = dialect;
  }

  /// Where the runtime keeps the state of its containers; made with mode 0711. Unless set: `/run/containerkit/BINARY`, or in
  /// `XDG_RUNTIME_DIR` for who may not write to `/run`.
  public OciRuntimeBuilder root(Path root) {
    this.root = root;
    return this;
  }

  /// Where the files of each command are while it runs; made with mode 0700. Its path should be short: a console socket has room for
  /// 107 bytes. Unless set: `work` next to the default root.
  public OciRuntimeBuilder workDirectory(Path work) {
    this.work = work;
    return this;
  }

  /// Keeps the log of each command here, a file each. Unless set, logs are read after a failure and removed.
  public OciRuntimeBuilder logDirectory(Path logs) {
    this.logs = logs;
    return this;
  }

  /// Whether the runtime logs what it does.
  public OciRuntimeBuilder debug(boolean debug) {
    this.debug = debug;
    return this;
  }

  /// Whether control groups are made by systemd.
  public OciRuntimeBuilder systemdCgroup(boolean systemdCgroup) {
    this.systemdCgroup = systemdCgroup;
    return this;
  }

  /// Whether the runtime puts up with what only root may do. Unless set, it is not told.
  public OciRuntimeBuilder rootless(Rootless rootless) {
    this.rootless = rootless;
    return this;
  }

  /// The CRIU binary for checkpoints. runc 1.2 and later take the one on their PATH, whatever is said here.
  public OciRuntimeBuilder criu(Path criu) {
    this.criu = criu;
    return this;
  }

  /// Further words before the command.
  public OciRuntimeBuilder globalArgs(String... globalArgs) {
    return globalArgs(List.of(globalArgs));
  }

  /// Further words before the command.
  public OciRuntimeBuilder globalArgs(List<String> globalArgs) {
    this.globalArgs = List.copyOf(globalArgs);
    return this;
  }

  /// The environment of the runtime's commands instead of this JVM's. Either way it loses what belongs to this process alone, such
  /// as `NOTIFY_SOCKET` and `LISTEN_FDS`.
  public OciRuntimeBuilder environment(Map<String, String> environment) {
    this.environment = environment;
    return this;
  }

  /// How long a command may take. Unless set: one minute.
  public OciRuntimeBuilder deadline(Duration deadline) {
    this.deadline = deadline;
    return this;
  }

  /// How long a reader of output waits for more when the process has ended but one that it left behind holds the pipe. Unless set:
  /// two seconds.
  public OciRuntimeBuilder drain(Duration drain) {
    this.drain = drain;
    return this;
  }

  /// The mount namespace that commands run in, instead of this JVM's. It stays the caller's, and must stay open.
  public OciRuntimeBuilder mountNamespace(MountNamespace mounts) {
    this.mounts = mounts;
    return this;
  }

  /// The loop that waits for everything, instead of the shared one.
  public OciRuntimeBuilder eventLoop(EventLoop loop) {
    this.loop = loop;
    return this;
  }

  /// What the binary understands, if that is known from before, so that it need not be asked.
  public OciRuntimeBuilder dialect(Dialect dialect) {
    this.dialect = dialect;
    return this;
  }

  /// Makes the directories, and the runtime. The binary itself is looked for by the first command, which is also refused with
  /// `UNSUPPORTED` if the binary does not have one of the options.
  ///
  /// @throws io.containerkit.spec.EngineException of kind `IO` if a directory cannot be made
  public OciRuntime build() {
    String name = binary.substring(binary.lastIndexOf('/') + 1);
    Path stateRoot = made(root == null ? base().resolve(name) : root, "rwx--x--x");
    Path workDirectory = made(work == null ? base().resolve("work") : work, "rwx------");
    Settings settings =
        new Settings(
            binary,
            stateRoot,
            workDirectory,
            logs == null ? null : made(logs, "rwx------"),
            debug,
            systemdCgroup,
            rootless,
            criu,
            globalArgs,
            Environment.scrubbed(environment),
            deadline,
            drain,
            mounts,
            loop == null ? EventLoop.shared() : loop);
    return new OciRuntime(settings, dialect);
  }

  static Path base() {
    Path run = Path.of("/run");
    String own = System.getenv("XDG_RUNTIME_DIR");
    return (Files.isWritable(run) || own == null ? run : Path.of(own)).resolve("containerkit");
  }

  private static Path made(Path directory, String mode) {
    Path absolute = directory.toAbsolutePath();
    if (!Files.isDirectory(absolute)) {
      try {
        if (absolute.getParent() != null) {
          Files.createDirectories(absolute.getParent());
        }
        Files.createDirectory(absolute);
        // Not as an attribute of the creation, which the umask would cut.
        Files.setPosixFilePermissions(absolute, PosixFilePermissions.fromString(mode));
      } catch (java.nio.file.FileAlreadyExistsException _) {
        // made by somebody else in between, or a link to a directory
      } catch (IOException e) {
        throw IoFailure.of(absolute, absolute + " cannot be made", e);
      }
    }
    return absolute;
  }
}
