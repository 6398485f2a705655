package io.containerkit.cli;

import io.containerkit.runtime.StopOptions;
import java.util.List;

/// `ckit stop`: asks containers to end, and kills those that do not.
record StopCommand(List<String> ids, StopOptions options) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "stop",
        "CONTAINER…",
        "Asks containers to end, then kills them",
        "",
        new Flags()
            .value("t", "time", "DURATION", "How long each may take before it is killed; 10s without it.")
            .value("s", "signal", "SIGNAL", "What asks it to end; TERM without it."),
        1,
        Grammar.ANY,
        StopCommand::of);
  }

  static StopCommand of(Arguments arguments) {
    StopOptions options = StopOptions.defaults();
    return new StopCommand(
        arguments.operands(),
        options
            .withGrace(Values.duration(arguments, "time").orElse(options.grace()))
            .withSignal(Values.signal(arguments, arguments.text("signal").orElse("TERM"))));
  }

  @Override
  public int run(Session session) throws InterruptedException {
    return session.each(ids, container -> container.stop(options));
  }
}
