package io.containerkit.cli;

import io.containerkit.engine.Container;
import io.containerkit.linux.Signal;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import java.util.Optional;

/// `ckit kill`: sends a signal to a container's first process, or to all of its processes.
record KillCommand(String id, Signal signal, boolean all) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "kill",
        "CONTAINER [SIGNAL]",
        "Sends a signal to a container",
        """
        SIGNAL is a name such as TERM, SIGTERM or RTMIN+3, or a number. Without it, TERM is sent.
        """,
        new Flags()
            .value("s", "signal", "SIGNAL", "The same as the operand.")
            .toggle("a", "all", "Sends it to every process of the container."),
        1,
        2,
        KillCommand::of);
  }

  static KillCommand of(Arguments arguments) {
    Optional<String> operand = arguments.optionalOperand(1);
    if (operand.isPresent() && arguments.has("signal")) {
      throw arguments.mistake("the signal is given twice: --signal and \"" + operand.get() + "\"");
    }
    Signal signal =
        operand.isPresent()
            ? Values.signal(arguments, operand.get())
            : Values.signal(arguments, arguments.text("signal").orElse("TERM"));
    return new KillCommand(arguments.operand(0), signal, arguments.has("all"));
  }

  @Override
  public int run(Session session) {
    try (Container container = session.container(id)) {
      boolean received = all ? container.signalAll(signal) : container.signal(signal);
      if (!received) {
        throw new EngineException(
            ErrorKind.NOT_RUNNING, id, "kill " + signal + " \"" + id + "\": the container has ended; ckit delete removes it", null);
      }
      return 0;
    }
  }
}
