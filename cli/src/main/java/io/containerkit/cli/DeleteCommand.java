package io.containerkit.cli;

import io.containerkit.engine.DeleteOptions;
import java.util.ArrayList;
import java.util.List;

/// `ckit delete`: removes containers that have ended, or with `force` any.
///
/// @param volumes whether the volumes that are theirs alone go, too
record DeleteCommand(List<String> ids, boolean force, boolean volumes) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "delete",
        "CONTAINER…",
        "Removes containers",
        "",
        new Flags()
            .toggle("f", "force", "Kills those that still run; one that is gone already is no error.")
            .toggle("v", "volumes", "Removes the volumes of their own as well: those that were given no name."),
        1,
        Grammar.ANY,
        arguments -> new DeleteCommand(arguments.operands(), arguments.has("force"), arguments.has("volumes")));
  }

  @Override
  public int run(Session session) throws InterruptedException {
    DeleteOptions options = new DeleteOptions(force, volumes);
    List<String> wanted = new ArrayList<>(ids);
    if (force) {
      wanted.retainAll(session.kit().ids());
    }
    return session.each(wanted, container -> container.delete(options));
  }
}
