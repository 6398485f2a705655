package io.containerkit.runtime;

import io.containerkit.linux.Child;
import io.containerkit.linux.ConsoleSocket;
import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.Fd;
import io.containerkit.linux.PidFd;
import io.containerkit.linux.ProcessStat;
import io.containerkit.linux.Spawn;
import io.containerkit.linux.Terminal;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.KernelException;
import io.containerkit.spec.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Starts a process in a container: what create, run, exec and restore have in common. Either there is a process at the end, held and
/// watched, or an exception and nothing else: no command, no process of it, no file.
final class Launch {

  /// When to look for the pid file of a command that stays, in nanoseconds: no runtime has one sooner, and each look takes time from it.
  private static final long FIRST_LOOK = 2_000_000;
  private static final long LONGEST_LOOK = 10_000_000;

  /// What to start.
  ///
  /// @param command the runtime's command
  /// @param options its options, without those for files of the command's own
  /// @param program the words behind the id
  /// @param document the process, for a command that reads it from a file
  /// @param bundle the bundle of the container to be created; null for a command in one that is there
  /// @param attached whether the command stays as long as the process
  record Request(
      String command,
      String id,
      List<String> options,
      List<String> program,
      @Nullable ProcessSpec document,
      @Nullable Path bundle,
      Stdio stdio,
      List<Fd> descriptors,
      boolean attached,
      Duration deadline) {

    /// Whether the command brings a container into being.
    boolean creates() {
      return bundle != null;
    }
  }

  private final Settings settings;
  private final Dialect dialect;
  private final StateDirectory states;
  private final Signals signals;

  Launch(Settings settings, Dialect dialect, Signals signals) {
    this.settings = settings;
    this.dialect = dialect;
    this.states = new StateDirectory(settings, dialect);
    this.signals = signals;
  }

  /// Starts the process.
  ContainerProcess start(Request request) {
    boolean fresh = request.creates() && !states.holds(request.id());
    try (Command command = new Command(settings, dialect, request.command(), request.id())) {
      if (request.creates() && !fresh && dialect.is(Dialect.Trait.CREATE_CLOBBERS)) {
        throw command.failure(ErrorKind.ALREADY_EXISTS, "there is a container with this id", "", null);
      }
      return new Attempt(request, command, fresh).start();
    }
  }

  /// One start under way.
  private final class Attempt {
    private final Request request;
    private final Command command;
    private final boolean fresh;
    private final Path pidFile;
    private final Deadline deadline;
    private final List<Runnable> onFailure = new ArrayList<>();

    Attempt(Request request, Command command, boolean fresh) {
      this.request = request;
      this.command = command;
      this.fresh = fresh;
      this.pidFile = command.pidFile();
      this.deadline = Deadline.in(request.deadline());
    }

    ContainerProcess start() {
      OpenStdio stdio = OpenStdio.open(request.stdio(), settings.loop(), settings.drain());
      onFailure.add(stdio::close);
      try (SpareDescriptors spare = SpareDescriptors.take();
          ConsoleSocket console = consoleSocket()) {
        List<String> arguments = arguments(console);
        spare.makeRoomForCommand();
        Child child = command.start(arguments, spawn -> giveDescriptors(spawn, stdio));
        // Whatever goes wrong from here on, what the command has done is undone.
        Abort abort = new Abort(settings, dialect, command, child, request.id(), request.bundle(), fresh, spare);
        try {
          abort.commandStart(); // while it runs
          stdio.closeChildEnds();
          return request.attached() ? attached(child, stdio, abort) : detached(child, stdio, abort, console);
        } catch (Throwable failure) {
          abort.after(failure);
          throw failure;
        }
      } catch (Throwable failure) {
        onFailure.forEach(Runnable::run);
        throw failure;
      }
    }

    /// What the command said before it failed.
    private String words(ExitStatus status, OpenStdio stdio) {
      boolean silent = !stdio.hearsErrors() && status instanceof ExitStatus.Exited;
      if (!silent || command.log().stream().anyMatch(Failure::explains)) {
        return stdio.errorTail();
      }
      return new SecondAsking(settings, dialect).of(request.command(), request.id(), options(null));
    }

    private @Nullable ConsoleSocket consoleSocket() {
      return request.stdio() instanceof Stdio.Console ? ConsoleSocket.listen(command.file("tty"), settings.loop()) : null;
    }

    private List<String> arguments(@Nullable ConsoleSocket console) {
      List<String> args = options(console);
      args.add(request.id());
      args.addAll(request.program());
      return args;
    }

    /// The words before the id.
    private List<String> options(@Nullable ConsoleSocket console) {
      List<String> args = new ArrayList<>(request.options());
      args.add("--pid-file");
      args.add(pidFile.toString());
      if (hasInnerPid()) {
        args.add("--internal-pid-file");
        args.add(command.file("inner-pid").toString());
      }
      if (console != null) {
        args.add("--console-socket");
        args.add(console.path().toString());
      }
      ProcessSpec document = request.document();
      if (document != null) {
        Path file = command.file("process.json");
        document.write(file);
        args.add("--process");
        args.add(file.toString());
      }
      return args;
    }

    private void giveDescriptors(Spawn spawn, OpenStdio stdio) {
      stdio.giveTo(spawn);
      int number = 3;
      for (Fd fd : request.descriptors()) {
        spawn.descriptor(number++, fd);
      }
    }

    /// Waits for the command to end; the process lives on.
    private ContainerProcess detached(Child child, OpenStdio stdio, Abort abort, @Nullable ConsoleSocket console) {
      Optional<ExitStatus> status = await(child, stdio, abort, deadline);
      if (status.isEmpty()) {
        throw abort.because(ErrorKind.TIMED_OUT, "it did not end within " + Deadline.text(request.deadline()), stdio.errorTail(), null);
      }
      if (!status.get().isSuccess()) {
        throw abort.after(status.get(), words(status.get(), stdio));
      }
      OptionalInt pid = PidFile.read(pidFile);
      if (pid.isEmpty()) {
        throw abort.because(
            ErrorKind.INTERNAL, "it reported success and left no pid file that holds a pid", stdio.errorTail(), null);
      }
      Held held = hold(pid.getAsInt(), stdio, abort);
      if (console == null) {
        return process(held, ProcessStreams.of(stdio, settings.loop()), ProcessExit.ofDetached(settings.loop(), held), stdio);
      }
      // The command has ended, so the terminal was sent; what remains is to take it.
      Optional<Fd> master = Uninterrupted.call(() -> console.receive(Command.GRACE));
      if (master.isEmpty()) {
        throw abort.because(ErrorKind.INTERNAL, "it sent no terminal: the process must have `terminal`", stdio.errorTail(), null);
      }
      onFailure.add(master.get()::close);
      ProcessStreams streams = ProcessStreams.of(master.get(), settings.loop());
      Terminal terminal = streams.terminal().orElseThrow();
      terminal.resize(((Stdio.Console) request.stdio()).size());
      // A process may close its terminal and open it again: only its end is the end of what it prints.
      Fd peer = terminal.openPeer();
      onFailure.add(peer::close);
      stdio.close();
      ProcessExit exit = ProcessExit.ofDetached(settings.loop(), held);
      var _ = exit.future().whenComplete((_, _) -> peer.close());
      return process(held, streams, exit, stdio);
    }

    /// Waits for the process to be there; the command stays with it.
    private ContainerProcess attached(Child child, OpenStdio stdio, Abort abort) {
      long look = FIRST_LOOK;
      OptionalInt pid;
      do {
        Optional<ExitStatus> status = await(child, stdio, abort, deadline.orIn(Duration.ofNanos(look)));
        pid = PidFile.read(pidFile);
        if (pid.isEmpty() && status.isPresent()) {
          // Without a pid file there never was a process, so whatever the status is, it is the runtime's own.
          throw abort.after(status.get(), words(status.get(), stdio));
        }
        if (pid.isEmpty() && deadline.passed()) {
          throw abort.because(ErrorKind.TIMED_OUT, "no process started within " + Deadline.text(request.deadline()), stdio.errorTail(), null);
        }
        look = Math.min(2 * look, LONGEST_LOOK);
      } while (pid.isEmpty());
      Held held = hold(pid.getAsInt(), stdio, abort);
      boolean exact = !dialect.is(Dialect.Trait.SANDBOXED);
      return process(
          held,
          ProcessStreams.of(stdio, settings.loop()),
          ProcessExit.ofAttached(settings.loop(), child, held, exact, settings.drain()),
          stdio);
    }

    private Optional<ExitStatus> await(Child child, OpenStdio stdio, Abort abort, Deadline until) {
      try {
        return command.await(child, until, stdio.drains());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw abort.because(ErrorKind.CANCELLED, "the caller was interrupted", stdio.errorTail(), e);
      }
    }

    private ContainerProcess process(Held held, ProcessStreams streams, ProcessExit exit, OpenStdio stdio) {
      stdio.follow(exit.future());
      ContainerProcess.Signaller signaller = signals.of(request, held);
      return new ContainerProcess(request.id(), held.pid(), held.pidFd(), exit.future(), signaller, streams);
    }

    /// Takes hold of the process before anything else can come to have its pid.
    private Held hold(int pid, OpenStdio stdio, Abort abort) {
      PidFd pidFd;
      try {
        pidFd = PidFd.open(pid);
      } catch (KernelException e) {
        if (e.kind() != ErrorKind.NO_SUCH_PROCESS) {
          throw abort.because(ErrorKind.INTERNAL, "its process cannot be held", stdio.errorTail(), e);
        }
        return new Held(pid, null, innerPid());
      }
      onFailure.add(pidFd::close);
      if (ProcessStat.of(pid).filter(stat -> stat.startTime() < abort.commandStart()).isPresent()) {
        throw abort.because(
            ErrorKind.INTERNAL,
            "its pid file names process " + pid + ", which is older than the command",
            stdio.errorTail(),
            null);
      }
      return new Held(pid, pidFd, innerPid());
    }

    private OptionalInt innerPid() {
      return hasInnerPid() ? PidFile.read(command.file("inner-pid")) : OptionalInt.empty();
    }

    private boolean hasInnerPid() {
      return dialect.has(request.command(), "internal-pid-file");
    }
  }
}
