package io.containerkit.runtime;

import io.containerkit.linux.PidFd;
import io.containerkit.linux.Signal;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import java.util.ArrayList;
import java.util.List;

/// Sends signals: to a held process through its pidfd, else through the runtime.
final class Signals {

  private final Commands commands;
  private final Dialect dialect;

  Signals(Commands commands, Dialect dialect) {
    this.commands = commands;
    this.dialect = dialect;
  }

  /// How a process that was just started takes signals. The host cannot reach one in a sandbox: what it sees there is the sandbox.
  ContainerProcess.Signaller of(Launch.Request request, Held held) {
    if (request.creates()) {
      return ofInit(request.id(), held);
    }
    if (dialect.is(Dialect.Trait.SANDBOXED) && held.innerPid().isPresent() && dialect.has("kill", "pid")) {
      List<String> target = List.of("--pid", Integer.toString(held.innerPid().getAsInt()));
      return signal -> kill(request.id(), signal, target);
    }
    return of(held);
  }

  /// How the init of a container takes signals.
  ContainerProcess.Signaller ofInit(String id, Held held) {
    return dialect.is(Dialect.Trait.SANDBOXED) ? signal -> kill(id, signal, List.of()) : of(held);
  }

  private static ContainerProcess.Signaller of(Held held) {
    PidFd pidFd = held.pidFd();
    return pidFd == null ? _ -> false : pidFd::signal;
  }

  /// Has the runtime send a signal. Always by number: names differ (runsc knows no `SIGRTMIN+3`).
  ///
  /// @return false if the container has no process any more
  /// @throws CommandException of kind `NOT_FOUND` if there is no container
  boolean kill(String id, Signal signal, List<String> options) {
    List<String> args = new ArrayList<>(options);
    args.add(id);
    args.add(Integer.toString(signal.number()));
    try {
      commands.run("kill", id, args);
      return true;
    } catch (CommandException e) {
      if (isGone(e.kind())) {
        return false; // gone is gone
      }
      throw e;
    }
  }

  private static boolean isGone(ErrorKind kind) {
    return kind == ErrorKind.NOT_RUNNING || kind == ErrorKind.NO_SUCH_PROCESS || kind == ErrorKind.ALREADY_FINISHED;
  }
}
