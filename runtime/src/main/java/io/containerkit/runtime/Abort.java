package io.containerkit.runtime;

import io.containerkit.linux.Child;
import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.ProcessStat;
import io.containerkit.linux.Signal;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Undoes a start that must not go on or broke off, and says why.
///
/// A create that is simply killed leaves its init behind: it waits for a `start` that never comes, perhaps in a frozen control
/// group, and perhaps before the runtime wrote down that there is a container. So the command is asked to end; then the runtime
/// deletes what it knows of, with a deadline of its own; then what is left of processes, control groups and state goes.
final class Abort {

  private static final Duration DELETE = Duration.ofSeconds(10);

  private final Settings settings;
  private final Dialect dialect;
  private final Command command;
  private final Child child;
  private final String id;
  private final @Nullable Path bundle;
  private final boolean fresh;
  private final SpareDescriptors spare;
  private long commandStart = -1;
  private boolean settled;

  /// @param fresh whether there was no container with this id before: only then is it ours to delete
  /// @param spare given up for the clean-up
  Abort(
      Settings settings,
      Dialect dialect,
      Command command,
      Child child,
      String id,
      @Nullable Path bundle,
      boolean fresh,
      SpareDescriptors spare) {
    this.settings = settings;
    this.dialect = dialect;
    this.command = command;
    this.child = child;
    this.id = id;
    this.bundle = bundle;
    this.fresh = fresh;
    this.spare = spare;
  }

  /// When the command started, in the kernel's ticks: what it starts is not older. Asked for first while the command runs; of one that
  /// has ended, only that it is not older than this JVM.
  long commandStart() {
    if (commandStart < 0) {
      commandStart =
          ProcessStat.of(child.pid()).or(() -> ProcessStat.of((int) ProcessHandle.current().pid())).orElseThrow().startTime();
    }
    return commandStart;
  }

  /// Undoes a start after a failure that was not foreseen, such as one for want of descriptors or memory. Nothing happens if it is one
  /// of those that this has made.
  ///
  /// @param failure gets the failures of the clean-up as suppressed ones
  void after(Throwable failure) {
    if (!settled) {
      undo(failure);
    }
  }

  /// Undoes a start that goes wrong without the runtime saying so.
  CommandException because(ErrorKind kind, String why, String stderr, @Nullable Throwable cause) {
    CommandException failure = command.failure(kind, why, stderr, cause);
    undo(failure);
    return failure;
  }

  /// Explains a command that failed by itself. A runtime that says why has cleaned up, as a rule; one that was killed has not.
  CommandException after(ExitStatus status, String stderr) {
    CommandException failure = command.failure(status, stderr);
    settled = true;
    boolean ours = fresh && failure.kind() != ErrorKind.ALREADY_EXISTS;
    if (!(status instanceof ExitStatus.Exited) || (ours && new StateDirectory(settings, dialect).holds(id))) {
      undo(failure);
    } else if (ours && dialect.is(Dialect.Trait.CREATE_LEAVES_CGROUPS)) {
      try (Leftovers leftovers = leftovers()) {
        attempt(failure, leftovers::removeCgroups);
      }
    }
    return failure;
  }

  private void undo(Throwable failure) {
    settled = true;
    spare.close();
    try (Leftovers leftovers = leftovers()) {
      attempt(failure, () -> stopCommand(leftovers));
      if (fresh) {
        attempt(failure, this::deleteContainer);
      }
      // Only now: until the runtime had its chance, the command was the only one that knew what it had done.
      if (Uninterrupted.await(child, Duration.ZERO).isEmpty()) {
        child.signal(Signal.KILL);
        Uninterrupted.await(child, Command.GRACE);
      }
      attempt(failure, () -> PidFile.read(command.file("pid")).ifPresent(leftovers::add));
      if (fresh) {
        attempt(failure, () -> leftovers.addOrphans(settings.root()));
      }
      attempt(failure, leftovers::kill);
      if (fresh) {
        attempt(failure, leftovers::removeCgroups);
        attempt(failure, () -> new StateDirectory(settings, dialect).remove(id));
      }
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private Leftovers leftovers() {
    String configured = CgroupPlace.configured(bundle);
    return new Leftovers(id, CgroupPlace.of(dialect, settings.systemdCgroup(), id, configured), commandStart());
  }

  /// Asks the command to end. It stands still while its children are counted, so that none is born meanwhile.
  private void stopCommand(Leftovers leftovers) {
    child.signal(Signal.STOP);
    leftovers.addDescendants(child.pid());
    child.signal(Signal.TERM);
    child.signal(Signal.CONT);
    Optional<ExitStatus> ended = Uninterrupted.await(child, Command.GRACE);
    if (ended.isEmpty()) {
      leftovers.addDescendants(child.pid());
    }
  }

  private void deleteContainer() {
    try {
      Uninterrupted.call(
          () -> {
            new Commands(settings, dialect).run("delete", id, List.of("--force", id), DELETE);
            return id;
          });
    } catch (CommandException e) {
      if (e.kind() != ErrorKind.NOT_FOUND) {
        throw e;
      }
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private static void attempt(Throwable failure, Step step) {
    try {
      step.run();
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
