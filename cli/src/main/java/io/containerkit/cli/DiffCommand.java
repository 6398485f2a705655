package io.containerkit.cli;

import io.containerkit.engine.Container;
import io.containerkit.image.LayerChange;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// `ckit diff`: lists what a container has changed of its image.
record DiffCommand(String id, Format format) implements Command {

  static Grammar grammar() {
    Flags flags = new Flags();
    Format.describe(flags);
    return Grammar.of(
        "diff",
        "CONTAINER",
        "Lists what a container has changed of its image",
        """
        A is added, C changed, D deleted. Places that are mounted on are left out.
        """,
        flags,
        1,
        1,
        arguments -> new DiffCommand(arguments.operand(0), Format.of(arguments)));
  }

  @Override
  public int run(Session session) throws InterruptedException {
    try (Container container = session.container(id)) {
      List<LayerChange> changes = container.diff();
      if (format == Format.JSON) {
        session.print(json(changes));
      } else {
        changes.forEach(session.out()::println);
      }
      return 0;
    }
  }

  private static JsonArray json(List<LayerChange> changes) {
    List<JsonValue> list = new ArrayList<>();
    for (LayerChange change : changes) {
      list.add(JsonObject.EMPTY.with("kind", change.kind().name().toLowerCase(Locale.ROOT)).with("path", change.path()));
    }
    return new JsonArray(list);
  }
}
