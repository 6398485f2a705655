package io.containerkit.runtime;

import io.containerkit.linux.EventLoop;
import io.containerkit.linux.MountNamespace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is the same for every command of one [OciRuntime].
///
/// @param binary a name to be looked up on the PATH, or a path
/// @param root where the runtime keeps the state of its containers
/// @param work where each command has a directory of its own while it runs
/// @param logs where the logs of commands are kept, or null if they are not
/// @param mounts the mount namespace that commands run in, or null for that of this JVM
record Settings(
    String binary,
    Path root,
    Path work,
    @Nullable Path logs,
    boolean debug,
    boolean systemdCgroup,
    @Nullable Rootless rootless,
    @Nullable Path criu,
    List<String> globalArgs,
    Map<String, String> environment,
    Duration deadline,
    Duration drain,
    @Nullable MountNamespace mounts,
    EventLoop loop) {

  /// The name of the binary for messages.
  String name() {
    return binary.substring(binary.lastIndexOf('/') + 1);
  }

  /// The words before the command.
  List<String> globalArgs(Dialect dialect, Path log) {
    List<String> args = new ArrayList<>();
    args.add("--root");
    args.add(root.toString());
    args.add("--log");
    args.add(dialect.is(Dialect.Trait.LOG_DRIVERS) ? "file:" + log : log.toString());
    args.add("--log-format");
    args.add("json");
    if (debug) {
      args.add("--debug");
    }
    if (systemdCgroup) {
      args.add(Args.global(dialect, "systemd-cgroup"));
    }
    if (rootless != null) {
      args.add(Args.global(dialect, "rootless") + "=" + rootless);
    }
    if (criu != null) {
      args.add(Args.global(dialect, "criu"));
      args.add(criu.toString());
    }
    args.addAll(globalArgs);
    return args;
  }
}
