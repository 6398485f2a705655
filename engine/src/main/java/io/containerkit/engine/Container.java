package io.containerkit.engine;

import io.containerkit.image.Image;
import io.containerkit.image.LayerChange;
import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.Signal;
import io.containerkit.linux.Terminal;
import io.containerkit.runtime.CheckpointOptions;
import io.containerkit.runtime.ContainerEvents;
import io.containerkit.runtime.ContainerProcess;
import io.containerkit.runtime.ContainerStats;
import io.containerkit.runtime.ExecOptions;
import io.containerkit.runtime.OciRuntime;
import io.containerkit.runtime.Stdio;
import io.containerkit.runtime.StopOptions;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.LinuxResources;
import io.containerkit.spec.ProcessSpec;
import io.containerkit.spec.Spec;
import io.containerkit.spec.State;
import io.containerkit.spec.User;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A container, from the moment that its init process exists until nothing of it is left. Thread-safe.
///
/// Whoever made it closes it, and with that it is gone: what still runs is killed, and its processes, cgroup, root file system and files
/// are removed. If the JVM ends before, however it ends, the kit's lifeline does the same. Only [#detach] ends this ownership. A
/// container that [ContainerKit#find] returned belongs to somebody else; closing it lets go of it and changes nothing.
public final class Container implements AutoCloseable {

  private final ContainerKit kit;
  private final Bundle bundle;
  private final OciRuntime runtime;
  private final InitProcess init;
  private final boolean made;
  private volatile boolean owned;
  private volatile boolean started;
  private volatile @Nullable Instant startedAt;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean deleted;

  /// @param init the init process; empty if it had ended before it was looked for
  /// @param owned whether closing this removes the container
  Container(
      ContainerKit kit,
      Bundle bundle,
      OciRuntime runtime,
      Optional<ContainerProcess> init,
      boolean owned) {
    this.kit = kit;
    this.bundle = bundle;
    this.runtime = runtime;
    this.init = new InitProcess(init);
    this.made = owned;
    this.owned = owned;
  }

  /// The id, unique among the containers of a state directory.
  public String id() {
    return bundle.id();
  }

  /// The OCI bundle, a directory with the container's `config.json`.
  public Path bundle() {
    return bundle.path();
  }

  /// The image that it is made of, with what it was told in an image's terms; empty if it is made of a directory or a bundle.
  public Optional<ContainerImage> image() {
    return bundle.image();
  }

  /// What the container is, as the runtime was told.
  public Spec spec() {
    return bundle.spec();
  }

  /// In what [#spec] differs from what was asked for, because this host does not allow it: limits above those of this process, for
  /// instance. To be told to whoever asked. Empty for a container that was found. The `config.json` of a bundle stays as it is.
  public List<Adjustment> adjustments() {
    return bundle.fitted().adjustments();
  }

  /// The init process in the host's pid namespace; that of the sandbox where there is one; 0 if it had ended before the container was
  /// found.
  public int pid() {
    return init.pid();
  }

  /// What is written here the init process reads as its standard input; discarded unless that is a pipe or a terminal.
  public OutputStream stdin() {
    return init.stdin();
  }

  /// What the init process writes to its standard output, or to its terminal; empty unless that is a pipe or a terminal.
  public InputStream stdout() {
    return init.stdout();
  }

  /// What the init process writes to its standard error; empty unless that is a pipe.
  public InputStream stderr() {
    return init.stderr();
  }

  /// The terminal of the init process, to be resized; empty if it has none.
  public Optional<Terminal> terminal() {
    return init.terminal();
  }

  /// Whether a stream of the output ended because the init process had ended while something that it left still held the pipe.
  public boolean outputCut() {
    return init.outputCut();
  }

  /// What the container is doing. Of one that this process made, no command is run to find out.
  public ContainerState state() {
    if (deleted) {
      return new ContainerState.Removed();
    }
    ExitStatus status = init.ended();
    if (status != null) {
      return new ContainerState.Stopped(status, init.endedAt());
    }
    if (!started && !made) {
      started = runtimeState().status() != State.Status.CREATED; // somebody else may have started it
    }
    return started ? new ContainerState.Running(pid(), Optional.ofNullable(startedAt)) : new ContainerState.Created(pid());
  }

  /// Whether its init process exists: it waits to be started, runs, or is paused. No command is run to find out.
  public boolean isAlive() {
    return init.isAlive();
  }

  /// What the runtime says of the container, paused or not included. It is asked by one command.
  ///
  /// @throws io.containerkit.spec.CommandException of kind `NOT_FOUND` if it knows of none
  public State runtimeState() {
    return runtime.state(id());
  }

  /// Starts the container's command.
  ///
  /// @throws io.containerkit.spec.CommandException if it has been started before, or its executable cannot be run
  public void start() {
    runtime.start(id());
    started();
  }

  /// To be called when the container's command has begun to run.
  void started() {
    startedAt = Instant.now();
    started = true;
  }

  /// Runs a further process with the environment, user, working directory and capabilities of the init process, and a pipe for each
  /// standard stream.
  public Execution exec(String... command) {
    ProcessSpec like = Objects.requireNonNull(spec().process(), "the specification has no process");
    return exec(like.toBuilder().args(command).terminal(false).build(), ExecOptions.builder().stdio(Stdio.pipes()).build());
  }

  /// Runs a further process. Limits above those that this host allows are lowered, which [Execution#adjustments] tells.
  ///
  /// @throws EngineException of kind `NOT_RUNNING` if the container's init process has ended
  public Execution exec(ProcessSpec process, ExecOptions options) {
    if (init.ended() != null || deleted) {
      throw ended("exec");
    }
    FittedProcess fitted = FittedProcess.of(process, made ? spec().process() : null);
    return init.add(new Execution(this, fitted, runtime.exec(id(), fitted.process(), options)));
  }

  private EngineException ended(String what) {
    return new EngineException(
        ErrorKind.NOT_RUNNING,
        id(),
        what + " in container \"" + id() + "\": its init process has ended, so nothing can run in it",
        null);
  }

  /// Tells how the init process ended, once the ends of all executions are known as well.
  public CompletableFuture<ExitStatus> onExit() {
    return init.onExit();
  }

  /// Waits until the init process has ended, for as long as it takes. The ends of all executions are known then as well.
  public ExitStatus waitFor() throws InterruptedException {
    return init.waitFor();
  }

  /// Waits until the init process has ended.
  ///
  /// @return empty if it still runs after this time
  public Optional<ExitStatus> waitFor(Duration timeout) throws InterruptedException {
    return init.waitFor(timeout);
  }

  /// Sends a signal to the init process.
  ///
  /// @return false if it has ended
  public boolean signal(Signal signal) {
    return init.signal(signal);
  }

  /// Sends a signal to every process of the container, also to those that its init process has left behind.
  ///
  /// @return false if there is none any more
  public boolean signalAll(Signal signal) {
    return runtime.killAll(id(), signal);
  }

  /// Asks the init process to end, by the stop signal of its image or else by SIGTERM, and kills it when it has not after the grace
  /// period. A paused container is resumed first.
  ///
  /// @return how it ended
  public ExitStatus stop(Duration grace) throws InterruptedException {
    return stop(StopOptions.defaults().withSignal(stopSignal()).withGrace(grace));
  }

  /// What asks this container to end.
  public Signal stopSignal() {
    String signal = spec().annotations().get(Inheritance.STOP_SIGNAL);
    return signal == null ? Signal.TERM : Signal.of(signal);
  }

  /// Asks the init process to end and kills it when it has not. A paused container is resumed first.
  ///
  /// @return how it ended
  public ExitStatus stop(StopOptions options) throws InterruptedException {
    return init.stop(process -> runtime.stop(process, options));
  }

  /// Freezes every process.
  public void pause() {
    runtime.pause(id());
  }

  /// Lets the processes run on.
  public void resume() {
    runtime.resume(id());
  }

  /// Changes limits; those that are not said stay as they are.
  public void update(LinuxResources change) {
    runtime.update(id(), change);
  }

  /// The limits that are in force, as the kernel has them.
  public LinuxResources limits() {
    return runtime.limits(id());
  }

  /// What the container uses now.
  public ContainerStats stats() {
    return runtime.stats(id());
  }

  /// What happens to the container from now on: its end, and its memory running out. The caller closes it.
  ///
  /// @throws io.containerkit.spec.CommandException of kind `NOT_RUNNING` if its init process has ended
  public ContainerEvents events() {
    Optional<ContainerProcess> process = init.process();
    return process.isPresent() ? runtime.events(process.get()) : runtime.events(id());
  }

  /// What happens to the container from now on, with its statistics at this interval, the first at once. The caller closes it.
  ///
  /// @throws io.containerkit.spec.CommandException of kind `NOT_RUNNING` if its init process has ended
  public ContainerEvents events(Duration interval) {
    Optional<ContainerProcess> process = init.process();
    return process.isPresent() ? runtime.events(process.get(), interval) : runtime.events(id(), interval);
  }

  /// Saves the container with its memory to files, from which [ContainerBuilder#restore] makes one again.
  public void checkpoint(CheckpointOptions options) {
    runtime.checkpoint(id(), options);
  }

  /// Resolves `user[:group]` by the files of the container's own root, for an execution as that user.
  ///
  /// @throws EngineException of kind `NOT_RUNNING` if the container's init process has ended, or `INVALID_ARGUMENT` if a name is not
  ///     known
  public User user(String user) {
    if (init.ended() != null) {
      throw ended("user \"" + user + "\"");
    }
    return Users.of(Path.of("/proc", Integer.toString(pid()), "root")).resolve(user);
  }

  /// What is different in its root from its image, as `docker diff` tells it. Places that are mounted on are left out.
  ///
  /// @throws EngineException of kind `UNSUPPORTED` if it is not made of an image
  public List<LayerChange> diff() throws InterruptedException {
    return writableLayer().changes();
  }

  /// Makes an image of it: its image's layers, one more with what it has changed, and what it was told as what containers of the new
  /// image run with. A running container is frozen meanwhile.
  ///
  /// @return the new image, which has the name of the options, or its digest for one
  /// @throws EngineException of kind `UNSUPPORTED` if it is not made of an image
  public Image commit(CommitOptions options) throws InterruptedException {
    return writableLayer().commit(options);
  }

  /// Writes the files of its root as a tar archive, without what is mounted in it. A running container is frozen meanwhile.
  ///
  /// @param out stays open
  /// @throws EngineException of kind `UNSUPPORTED` if it is not made of an image
  public void export(OutputStream out) throws InterruptedException, IOException {
    writableLayer().export(out);
  }

  private WritableLayer writableLayer() {
    return WritableLayer.of(kit.images(), runtime, bundle);
  }

  /// The pids of all its processes, in the host's pid namespace.
  public List<Integer> ps() {
    return runtime.ps(id());
  }

  /// Gives up ownership: the container lives on when this, the kit and the JVM are gone. [ContainerKit#find] finds it again.
  ///
  /// @return this
  public Container detach() {
    kit.detach(this);
    owned = false;
    return this;
  }

  /// Removes a container whose init process has ended, or was never started.
  ///
  /// @throws EngineException of kind `RUNNING` if it runs
  public void delete() {
    delete(DeleteOptions.defaults());
  }

  /// Kills what still runs and removes the container.
  public void deleteForcibly() {
    delete(DeleteOptions.defaults().withForce());
  }

  /// Removes the container.
  ///
  /// @throws EngineException of kind `RUNNING` if it runs and that is not to be ended
  public void delete(DeleteOptions options) {
    if (!options.force() && state() instanceof ContainerState.Running) {
      throw new EngineException(
          ErrorKind.RUNNING, id(), "container \"" + id() + "\" is running: stop it first, or delete it by force", null);
    }
    remove(owned || options.volumes());
  }

  /// Removes the container if it is owned, whatever it is doing; otherwise lets go of it. Idempotent.
  @Override
  public void close() {
    if (owned) {
      remove(true);
    } else {
      release();
    }
  }

  /// Undoes, in reverse order, what `create` did. While the runtime cannot let go of the container, the container keeps its directory
  /// and with it its owner: a later attempt, or the lifeline, takes it up again.
  private void remove(boolean andVolumes) {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      new Ending(bundle, runtime, init.process()).run();
    } catch (RuntimeException e) {
      closed.set(false);
      throw e;
    }
    deleted = true;
    new Closing()
        .then(() -> kit.forget(this))
        .then(() -> bundle.remove(andVolumes))
        .then(init::close)
        .then(init::closeExecutions)
        .run();
  }

  private void release() {
    if (closed.compareAndSet(false, true)) {
      new Closing().then(() -> kit.forget(this)).then(bundle::close).then(init::close).run();
    }
  }

  void forget(Execution execution) {
    init.forget(execution);
  }

  @Override
  public String toString() {
    return "Container[" + id() + ", " + state() + "]";
  }
}
