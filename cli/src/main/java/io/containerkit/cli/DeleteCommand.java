package io.containerkit.cli;

import io.containerkit.engine.Container;
import java.util.ArrayList;
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

  @Override
  public int run(Session session) throws InterruptedException {
    if (!force) {
      return session.each(ids, Container::delete);
    }
    List<String> existing = new ArrayList<>(ids);
    existing.retainAll(session.kit().ids());
    return session.each(existing, Container::deleteForcibly);
  }
}
