package io.containerkit.cli;

import io.containerkit.engine.Container;
import java.util.List;

/// `ckit start`: starts created containers.
record StartCommand(List<String> ids) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "start",
        "CONTAINER…",
        "Starts created containers",
        "The command of each container begins to run, and ckit returns.",
        new Flags(),
        1,
        Grammar.ANY,
        arguments -> new StartCommand(arguments.operands()));
  }

  @Override
  public int run(Session session) throws InterruptedException {
    return session.each(ids, Container::start);
  }
}
