package io.containerkit.cli;

import io.containerkit.engine.Container;

/// `ckit state`: prints the state document of a container.
record StateCommand(String id) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "state",
        "CONTAINER",
        "Prints the state of a container as JSON",
        "The document is the runtime-spec's: id, status, pid, bundle and annotations.",
        new Flags(),
        1,
        1,
        arguments -> new StateCommand(arguments.operand(0)));
  }

  @Override
  public int run(Session session) {
    try (Container container = session.container(id)) {
      session.print(container.runtimeState().toJson());
      return 0;
    }
  }
}
