package io.containerkit.runtime;

import io.containerkit.linux.PidFd;
import io.containerkit.linux.ProcessStat;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.KernelException;
import io.containerkit.spec.State;
import java.util.OptionalInt;
import java.util.Optional;

/// Takes hold of processes that are known by their container only.
final class Loader {

  private final OciRuntime runtime;
  private final Settings settings;
  private final Signals signals;

  Loader(OciRuntime runtime, Settings settings, Signals signals) {
    this.runtime = runtime;
    this.settings = settings;
    this.signals = signals;
  }

  Optional<ContainerProcess> load(String id) {
    Optional<State> state = live(id);
    while (state.isPresent()) {
      int pid = state.get().pid();
      Optional<PidFd> pidFd = open(pid);
      if (pidFd.isEmpty()) {
        return Optional.empty();
      }
      // Between the answer and the open, the pid may have come to another process. If the runtime still names it, and it lives,
      // then the one that is held now is the one that it means.
      Optional<State> again = live(id);
      if (again.isPresent() && again.get().pid() == pid) {
        return Optional.of(process(id, new Held(pid, pidFd.get(), OptionalInt.empty())));
      }
      pidFd.get().close();
      state = again;
    }
    return Optional.empty();
  }

  private Optional<State> live(String id) {
    try {
      State state = runtime.state(id);
      boolean stopped = state.status() == State.Status.STOPPED || state.pid() <= 0;
      boolean zombie = ProcessStat.of(state.pid()).filter(stat -> !stat.isAlive()).isPresent();
      return stopped || zombie ? Optional.empty() : Optional.of(state);
    } catch (CommandException e) {
      if (e.kind() == ErrorKind.NOT_FOUND) {
        return Optional.empty(); // only that means dead: every other failure says nothing about the container
      }
      throw e;
    }
  }

  private static Optional<PidFd> open(int pid) {
    try {
      return Optional.of(PidFd.open(pid));
    } catch (KernelException e) {
      if (e.kind() == ErrorKind.NO_SUCH_PROCESS) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private ContainerProcess process(String id, Held held) {
    return new ContainerProcess(
        id,
        held.pid(),
        held.pidFd(),
        ProcessExit.ofDetached(settings.loop(), held).future(),
        signals.ofInit(id, held),
        ProcessStreams.none());
  }
}
