package io.containerkit.cli;

import io.containerkit.engine.ContainerKitBuilder;
import io.containerkit.runtime.Rootless;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What stands before the command and holds for all of them: which runtime, and where its state is.
///
/// @param runtime the runtime's name or path; empty to take the first that works here
/// @param root where the runtimes keep their state
/// @param images where images are kept
/// @param volumes where volumes are kept
/// @param criu the criu binary that checkpoints
/// @param rootless for runtimes that can be told
/// @param timeout how long one command of the runtime may take
/// @param runtimeArgs what to hand to the runtime as it is, before its command
record GlobalFlags(
    Optional<String> runtime,
    Optional<Path> root,
    Optional<Path> images,
    Optional<Path> volumes,
    Optional<Path> criu,
    Optional<Rootless> rootless,
    Optional<Duration> timeout,
    boolean systemdCgroup,
    boolean debug,
    List<String> runtimeArgs) {

  static final GlobalFlags NONE =
      new GlobalFlags(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false, false, List.of());

  /// What stands before the command is read like a command of its own, whose foreign operands are the command.
  static Grammar grammar() {
    return Grammar.ofForeign("ckit", "COMMAND …", "Runs OCI containers, without a daemon", "", flags(), 0, HelpCommand::of);
  }

  private static Flags flags() {
    return new Flags()
        .section("Flags before the command")
        .value("runtime", "NAME|PATH", "The OCI runtime; without it, the first of crun, runc, youki and runsc that works here.")
        .value("root", "DIR", "Where the state of containers is kept.")
        .value("images", "DIR", "Where images are kept.")
        .value("volumes", "DIR", "Where volumes are kept.")
        .value("runtime-arg", "ARG", "Hands an argument to the runtime as it is. Repeatable.")
        .value("timeout", "DURATION", "How long one command of the runtime may take, such as 30s or 2m.")
        .value("criu", "PATH", "The criu binary for checkpoint and restore.")
        .value("rootless", "true|false|auto", "Whether the runtime ignores permissions of cgroups.")
        .toggle("systemd-cgroup", "Lets systemd make the cgroups.")
        .toggle("debug", "Shows what the runtime logs, and where an internal error came from.")
        .toggle("version", "Prints the versions of ckit and of the runtime.");
  }

  /// Whether there is a flag of this name, without its dashes.
  static boolean knows(String name) {
    return flags().find(name) != null;
  }

  /// Describes the engine that these flags ask for.
  void configure(ContainerKitBuilder builder) {
    runtime.ifPresent(builder::runtime);
    root.ifPresent(builder::state);
    images.ifPresent(builder::images);
    volumes.ifPresent(builder::volumes);
    timeout.ifPresent(builder::deadline);
    builder.debug(debug).systemdCgroup(systemdCgroup);
    criu.ifPresent(builder::criu);
    rootless.ifPresent(builder::rootless);
    builder.globalArgs(runtimeArgs);
  }

  private static Optional<String> runtime(Arguments arguments) {
    Optional<String> name = arguments.text("runtime");
    if (name.isPresent() && name.get().isEmpty()) {
      throw Values.wrong(arguments, "runtime", "", "the name or path of a runtime, such as crun", null);
    }
    return name;
  }

  static GlobalFlags of(Arguments arguments) {
    return new GlobalFlags(
        runtime(arguments),
        Values.path(arguments, "root"),
        Values.path(arguments, "images"),
        Values.path(arguments, "volumes"),
        Values.path(arguments, "criu"),
        Values.rootless(arguments),
        Values.someTime(arguments, "timeout"),
        arguments.has("systemd-cgroup"),
        arguments.has("debug"),
        arguments.texts("runtime-arg"));
  }
}
