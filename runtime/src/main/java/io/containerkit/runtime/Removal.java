package io.containerkit.runtime;

import io.containerkit.linux.ProcessStat;
import io.containerkit.linux.Signal;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import java.util.List;
import java.util.Optional;

/// Has the runtime delete containers.
final class Removal {

  private final OciRuntime runtime;
  private final Dialect dialect;
  private final Commands commands;

  Removal(OciRuntime runtime, Dialect dialect, Commands commands) {
    this.runtime = runtime;
    this.dialect = dialect;
    this.commands = commands;
  }

  /// Deletes one that is not running.
  void delete(String id, List<String> extraArgs) {
    try {
      commands.run("delete", id, new Args(dialect, "delete").extra(extraArgs).list(id));
    } catch (CommandException e) {
      if (e.kind() != ErrorKind.RUNNING || !dialect.is(Dialect.Trait.ZOMBIES_RUN) || !isZombie(id)) {
        throw e;
      }
      // It has ended, and only the runtime does not know: its parent has not reaped it yet.
      forced(id);
    }
  }

  private boolean isZombie(String id) {
    return ProcessStat.of(runtime.state(id).pid()).filter(stat -> !stat.isAlive()).isPresent();
  }

  /// Deletes one in whatever state, and nothing if there is none.
  void deleteForcibly(String id) {
    Optional<ContainerProcess> init = runtime.load(id);
    if (init.isPresent()) {
      try (ContainerProcess process = init.get()) {
        if (runtime.kill(id, Signal.KILL)) {
          Uninterrupted.call(() -> process.waitFor(Command.GRACE));
        }
      } catch (CommandException e) {
        if (e.kind() != ErrorKind.NOT_FOUND) {
          throw e;
        }
      }
    }
    forced(id);
  }

  private void forced(String id) {
    try {
      commands.run("delete", id, List.of("--force", id));
    } catch (CommandException e) {
      if (e.kind() != ErrorKind.NOT_FOUND) {
        throw e;
      }
    }
  }
}
