package io.containerkit.cli;

import io.containerkit.spec.ContainerException;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `ckit volume inspect`: prints all about volumes.
record VolumeInspectCommand(List<String> names, Optional<String> format) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "volume inspect",
        "NAME…",
        "Prints all about volumes",
        "",
        new Flags().value("f", "format", "json|TEMPLATE", "How to print; JSON without it."),
        1,
        Grammar.ANY,
        arguments -> new VolumeInspectCommand(arguments.operands(), arguments.text("format").filter(text -> !text.equals("json"))));
  }

  @Override
  public int run(Session session) {
    List<JsonObject> documents = new ArrayList<>();
    int code = 0;
    for (String name : names) {
      try {
        documents.add(VolumeDocument.of(session.volumes().get(name)));
      } catch (ContainerException e) {
        session.complain(e);
        code = Main.FAILED;
      }
    }
    if (format.isPresent()) {
      Template template = Template.of(format.get());
      documents.forEach(document -> session.out().println(template.render(document)));
    } else {
      session.print(new JsonArray(List.<JsonValue>copyOf(documents)));
    }
    return code;
  }
}
