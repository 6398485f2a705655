package io.containerkit.cli;

import io.containerkit.engine.Container;
import io.containerkit.spec.ContainerException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonValue;
import io.containerkit.spec.State;
import java.util.ArrayList;
import java.util.List;

/// `ckit list`: prints the containers of this state directory.
record ListCommand(Format format, boolean quiet) implements Command {

  static Grammar grammar() {
    Flags flags = new Flags();
    Format.describe(flags);
    return Grammar.of(
        "list",
        "",
        "Lists containers",
        "",
        flags.toggle("q", "quiet", "Prints the ids only."),
        0,
        0,
        arguments -> new ListCommand(Format.of(arguments), arguments.has("quiet")));
  }

  @Override
  public int run(Session session) {
    List<String> ids = session.kit().ids();
    if (quiet) {
      for (String id : ids) {
        session.out().println(id);
      }
      return 0;
    }
    List<State> states = new ArrayList<>();
    for (String id : ids) {
      states.addAll(state(session, id));
    }
    if (format == Format.JSON) {
      List<JsonValue> documents = new ArrayList<>();
      for (State state : states) {
        documents.add(state.toJson());
      }
      session.print(new JsonArray(documents));
      return 0;
    }
    Table table = new Table("ID", "STATUS", "PID", "BUNDLE");
    for (State state : states) {
      boolean hasProcess = state.status() != State.Status.STOPPED && state.pid() > 0;
      table.row(state.id(), state.status().text(), hasProcess ? Integer.toString(state.pid()) : "-", state.bundle());
    }
    session.out().print(table);
    return 0;
  }

  /// The state of a container; none if it is made or removed just now.
  private static List<State> state(Session session, String id) {
    try (Container container = session.container(id)) {
      return List.of(container.runtimeState());
    } catch (ContainerException e) {
      if (e.kind() == ErrorKind.NOT_FOUND) {
        return List.of();
      }
      throw e;
    }
  }
}
