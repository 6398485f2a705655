package io.containerkit.cli;

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
}
