package io.containerkit.cli;

import io.containerkit.engine.Container;
import java.util.List;

/// `ckit resume`: lets paused containers go on.
record ResumeCommand(List<String> ids) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "resume",
        "CONTAINER…",
        "Lets paused containers go on",
        "",
        new Flags(),
        1,
        Grammar.ANY,
        arguments -> new ResumeCommand(arguments.operands()));
  }

  @Override
  public int run(Session session) throws InterruptedException {
    return session.each(ids, Container::resume);
  }
}
