package io.containerkit.runtime;

import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.Fd;
import io.containerkit.linux.Signal;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.Features;
import io.containerkit.spec.LinuxResources;
import io.containerkit.spec.ProcessSpec;
import io.containerkit.spec.State;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Drives one OCI runtime: one method for each of its commands.
///
/// {@snippet :
/// OciRuntime runtime = OciRuntime.builder("runc").build();
/// try (ContainerProcess init = runtime.create("web", bundle, Stdio.inherit())) {
///   runtime.start("web");
///   ExitStatus status = init.waitFor();
///   runtime.delete("web");
/// }
/// }
///
/// Each method runs the runtime's binary once, unless it says otherwise, and waits for it, but no longer than the deadline. Words in
/// `extraArgs` are given to the command as they are, before the id, for what this version does not know. Failures
/// are [CommandException]s, whose kind tells what to do; when the calling thread is interrupted, the command is undone, the kind is
/// `CANCELLED` and the thread's interrupt is kept. Immutable and thread-safe; blocks the calling thread, which may be a virtual one.
///
/// A created container waits for [#start] for ever, and no container goes away by itself: whoever creates one has to [#delete] it.
public final class OciRuntime {

  private final Settings settings;
  private final @Nullable Dialect given;
  private volatile @Nullable Parts parts;

  /// What works on the runtime's dialect, once that is known.
  private record Parts(
      Dialect dialect,
      Commands commands,
      Queries queries,
      Signals signals,
      Launch launch,
      Removal removal,
      StateDirectory states,
      Meter meter) {
    static Parts of(OciRuntime runtime, Settings settings, Dialect dialect) {
      Commands commands = new Commands(settings, dialect);
      Signals signals = new Signals(commands, dialect);
      return new Parts(
          dialect,
          commands,
          new Queries(dialect, commands),
          signals,
          new Launch(settings, dialect, signals),
          new Removal(runtime, dialect, commands),
          new StateDirectory(settings, dialect),
          new Meter(runtime, settings, dialect, commands));
    }
  }

  OciRuntime(Settings settings, @Nullable Dialect dialect) {
    this.settings = settings;
    this.given = dialect;
  }

  /// Starts from a runtime's binary.
  ///
  /// @param binary a name that is looked up on the PATH, or a path
  public static OciRuntimeBuilder builder(String binary) {
    return new OciRuntimeBuilder(binary);
  }

  /// Finds the first runtime on the PATH that runs containers on this host, see [RuntimeFinder].
  ///
  /// @throws io.containerkit.spec.EngineException of kind `RUNTIME_NOT_FOUND` if there is none; the message says why not
  public static OciRuntime find() throws InterruptedException {
    return new RuntimeFinder(OciRuntimeBuilder.base()).find().builder().build();
  }

  /// A builder with the settings of this runtime.
  public OciRuntimeBuilder toBuilder() {
    Parts known = parts;
    return new OciRuntimeBuilder(settings, known == null ? given : known.dialect());
  }

  private Parts parts() {
    Parts known = parts;
    if (known == null) {
      Dialect dialect = given == null ? Dialect.of(version().text()) : given;
      known = Parts.of(this, settings, dialect);
      parts = known;
    }
    return known;
  }

  /// What the binary understands. Asked for by one run of `--version` at the first command, and remembered, unless the builder was
  /// told.
  public Dialect dialect() {
    return parts().dialect();
  }

  /// Where the runtime keeps the state of its containers.
  public Path root() {
    return settings.root();
  }

  /// What the binary says of itself now.
  public RuntimeVersion version() {
    String text = new String(Commands.version(settings), StandardCharsets.UTF_8).strip();
    Dialect dialect = Dialect.of(text);
    return new RuntimeVersion(dialect.name(), dialect.version(), text);
  }

  /// What the runtime can do, in the words of the specification.
  ///
  /// @throws CommandException of kind `UNSUPPORTED` if it is too old to tell
  public Features features(String... extraArgs) {
    return parts().queries().features(List.of(extraArgs));
  }

  /// Creates a container that waits for [#start].
  public ContainerProcess create(String id, Path bundle, Stdio stdio) {
    return create(id, bundle, CreateOptions.builder().stdio(stdio).build());
  }

  /// Creates a container that waits for [#start]. Its exit is watched from before this returns.
  ///
  /// Whatever happens meanwhile, there is a container afterwards or nothing of it: no process, control group, mount or file. That is
  /// checked even if the runtime is killed.
  ///
  /// @throws CommandException of kind `ALREADY_EXISTS` if the id is in use
  public ContainerProcess create(String id, Path bundle, CreateOptions options) {
    return create("create", id, bundle, options.args(dialect()), options.stdio(), options.descriptors(), false, options.deadline());
  }

  /// Creates and starts a container by one command, which also deletes it when its process ends unless [RunOptions#keep] or
  /// [RunOptions#detach] says otherwise.
  public ContainerProcess run(String id, Path bundle, RunOptions options) {
    List<String> args = options.args(dialect());
    return create("run", id, bundle, args, options.stdio(), options.descriptors(), !options.detach(), options.deadline());
  }

  /// Starts the process of a created container.
  ///
  /// @throws CommandException of kind `RUNNING` or `NOT_RUNNING` if it was started before
  public void start(String id, String... extraArgs) {
    plain("start", id, extraArgs);
  }

  /// Runs a further process in a container, told in full.
  public ContainerProcess exec(String id, ProcessSpec process, ExecOptions options) {
    return exec(id, options.args(dialect()), options.sized(process), List.of(), options);
  }

  /// Runs a further process in a container, told by what differs from the container's own.
  public ContainerProcess exec(String id, ExecCommand command, ExecOptions options) {
    List<String> args = new ArrayList<>(options.args(dialect()));
    args.addAll(command.options(dialect(), options.stdio() instanceof Stdio.Console));
    return exec(id, args, null, command.args(), options);
  }

  private ContainerProcess exec(
      String id, List<String> args, @Nullable ProcessSpec document, List<String> program, ExecOptions options) {
    exact(id);
    Duration deadline = options.deadline().orElse(settings.deadline());
    ContainerProcess process =
        parts()
            .launch()
            .start(
                new Launch.Request(
                    "exec", id, args, program, document, null, options.stdio(), options.descriptors(), !options.isDetached(), deadline));
    options.timeout().ifPresent(process::killAfter);
    return process;
  }

  private ContainerProcess create(
      String command,
      String id,
      Path bundle,
      List<String> options,
      Stdio stdio,
      List<Fd> descriptors,
      boolean attached,
      Optional<Duration> deadline) {
    ContainerId.check(id);
    Path absolute = bundle.toAbsolutePath();
    List<String> args = new ArrayList<>(List.of("--bundle", absolute.toString()));
    args.addAll(options);
    return parts()
        .launch()
        .start(
            new Launch.Request(
                command, id, args, List.of(), null, absolute, stdio, descriptors, attached, deadline.orElse(settings.deadline())));
  }

  /// Sends a signal to the init of a container.
  ///
  /// @return false if it has no process any more: what is gone is gone
  /// @throws CommandException of kind `NOT_FOUND` if there is no container
  public boolean kill(String id, Signal signal, String... extraArgs) {
    exact(id);
    return parts().signals().kill(id, signal, List.of(extraArgs));
  }

  /// Sends a signal to every process of a container, also after its init has ended.
  ///
  /// @return false if it has no process any more
  /// @throws CommandException of kind `NOT_FOUND` if there is no container
  public boolean killAll(String id, Signal signal, String... extraArgs) {
    exact(id);
    return parts().signals().kill(id, signal, new Args(dialect(), "kill").flag("all", true).extra(List.of(extraArgs)).list());
  }

  /// Stops a container: asks it, waits, and kills it when it takes too long; a paused one is resumed first. Runs several commands.
  ///
  /// @return how its init ended; empty if there is no such container, or it was stopped before
  /// @throws CommandException of kind `TIMED_OUT` if it survives even that
  public Optional<ExitStatus> stop(String id, StopOptions options) throws InterruptedException {
    Optional<ContainerProcess> init = load(id);
    if (init.isEmpty()) {
      return Optional.empty();
    }
    try (ContainerProcess process = init.get()) {
      return Optional.of(stop(process, options));
    }
  }

  /// Stops the container of an init that is at hand, see [#stop(String, StopOptions)].
  public ExitStatus stop(ContainerProcess init, StopOptions options) throws InterruptedException {
    return new StopLoop(this).stop(init, options);
  }

  /// Deletes a stopped container, or one that was never started.
  ///
  /// @throws CommandException of kind `NOT_FOUND` if there is none (whatever was left of it is gone then), `RUNNING` or `PAUSED` if
  ///     it is not stopped
  public void delete(String id, String... extraArgs) {
    exact(id);
    parts().removal().delete(id, List.of(extraArgs));
  }

  /// Deletes a container whatever its state, killing it if need be. Quiet if there is none.
  ///
  /// A running one is killed and waited for here first, which takes 13 ms where runc, left to itself, looks every 100 ms.
  public void deleteForcibly(String id) {
    ContainerId.check(id);
    if (isExact(id)) {
      parts().removal().deleteForcibly(id);
    }
  }

  /// What the runtime knows of a container.
  ///
  /// @throws CommandException of kind `NOT_FOUND` if there is none
  public State state(String id, String... extraArgs) {
    exact(id);
    return parts().queries().state(id, List.of(extraArgs));
  }

  /// Takes hold of the init of a container that somebody created, perhaps an earlier process. It has no streams.
  ///
  /// @return empty if there is no such container, or its init has ended
  public Optional<ContainerProcess> load(String id) {
    return new Loader(this, settings, parts().signals()).load(id);
  }

  /// All containers of this root, as far as the runtime can tell.
  public List<State> list(String... extraArgs) {
    return parts().queries().list(List.of(extraArgs));
  }

  /// The pids of a container's processes: on the host, or inside of the sandbox where the runtime has one.
  public List<Integer> ps(String id, String... extraArgs) {
    exact(id);
    return parts().queries().ps(id, List.of(extraArgs));
  }

  /// Freezes the processes of a container.
  public void pause(String id, String... extraArgs) {
    plain("pause", id, extraArgs);
  }

  /// Thaws the processes of a container.
  public void resume(String id, String... extraArgs) {
    plain("resume", id, extraArgs);
  }

  /// Changes limits of a container; those that the change leaves out stay as they are.
  public void update(String id, LinuxResources change) {
    update(id, change, UpdateOptions.defaults());
  }

  /// Changes limits of a container.
  public void update(String id, LinuxResources change, UpdateOptions options) {
    exact(id);
    parts().meter().update(id, change, options);
  }

  /// The limits of a running container that are in force, as the kernel has them.
  ///
  /// @throws CommandException of kind `NOT_RUNNING` if it has ended
  public LinuxResources limits(String id) {
    exact(id);
    return parts().meter().limits(id);
  }

  /// What a running container has used so far, read from the kernel, or from the sandbox where there is one.
  ///
  /// @throws CommandException of kind `NOT_RUNNING` if it has ended
  public ContainerStats stats(String id) {
    exact(id);
    return parts().meter().stats(id);
  }

  /// What the runtime's own `events --stats` says of it, to be held against the kernel's word.
  ContainerStats printedStats(String id) {
    return parts().meter().printed(id);
  }

  /// Listens for what happens to a container: its end, and its memory running out. Works with every runtime, for the kernel tells.
  ///
  /// @throws CommandException of kind `NOT_RUNNING` if it has ended, or there is none
  public ContainerEvents events(String id) {
    exact(id);
    return parts().meter().events(id, null);
  }

  /// Listens for what happens to a container, with its [statistics][#stats] at an interval, the first at once.
  ///
  /// @throws CommandException of kind `NOT_RUNNING` if it has ended, or there is none
  public ContainerEvents events(String id, Duration interval) {
    exact(id);
    return parts().meter().events(id, interval);
  }

  /// Listens to the container of an init that is at hand, created or running; runs no command. The process stays the caller's.
  ///
  /// @throws CommandException of kind `NOT_RUNNING` if it has ended
  public ContainerEvents events(ContainerProcess init) {
    return parts().meter().events(init, null);
  }

  /// Listens to the container of an init that is at hand, with its [statistics][#stats] at an interval, the first at once.
  ///
  /// @throws CommandException of kind `NOT_RUNNING` if it has ended
  public ContainerEvents events(ContainerProcess init, Duration interval) {
    return parts().meter().events(init, interval);
  }

  /// Saves a container to files, with CRIU or with the sandbox's own means.
  public void checkpoint(String id, CheckpointOptions options) {
    exact(id);
    List<String> args = new ArrayList<>(options.args(dialect()));
    args.add(id);
    parts()
        .commands()
        .run("checkpoint", id, _ -> args, options.statusDescriptor().stream().toList(), options.deadline().orElse(settings.deadline()));
  }

  /// Creates a container from such files; it runs.
  public ContainerProcess restore(String id, Path bundle, RestoreOptions options) {
    ContainerId.check(id);
    return create("restore", id, bundle, options.args(dialect()), options.stdio(), List.of(), false, options.deadline());
  }

  private void plain(String command, String id, String... extraArgs) {
    exact(id);
    parts().commands().run(command, id, new Args(dialect(), command).extra(List.of(extraArgs)).list(id));
  }

  /// Checks an id before anything is made of it; and, for a runtime that would take another container for it, that it is there.
  private void exact(String id) {
    ContainerId.check(id);
    if (!isExact(id)) {
      throw Failure.of(
          ErrorKind.NOT_FOUND, settings.name() + " \"" + id + "\"", "container does not exist", List.of(), null, List.of(), "", null);
    }
  }

  private boolean isExact(String id) {
    return !dialect().is(Dialect.Trait.ID_PREFIXES) || parts().states().holds(id);
  }

  @Override
  public String toString() {
    return settings.binary() + " in " + settings.root();
  }
}
