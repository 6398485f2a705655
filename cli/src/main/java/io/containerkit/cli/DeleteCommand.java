package io.containerkit.cli;

import java.util.List;

/// `ckit delete`: removes containers that have ended, or with `force` any.
record DeleteCommand(List<String> ids, boolean force) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "delete",
        "CONTAINER…",
        "Removes containers",
        "",
        new Flags().toggle("f", "force", "Kills those that still run; one that is gone already is no error."),
        1,
        Grammar.ANY,
        arguments -> new DeleteCommand(arguments.operands(), arguments.has("force")));
  }
}
