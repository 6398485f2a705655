package io.containerkit.cli;

import io.containerkit.engine.Container;
import java.util.List;

/// `ckit pause`: freezes all processes of containers.
record PauseCommand(List<String> ids) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "pause",
        "CONTAINER…",
        "Freezes all processes of containers",
        "",
        new Flags(),
        1,
        Grammar.ANY,
        arguments -> new PauseCommand(arguments.operands()));
  }

  @Override
  public int run(Session session) throws InterruptedException {
    return session.each(ids, Container::pause);
  }
}
