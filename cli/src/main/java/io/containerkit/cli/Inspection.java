package io.containerkit.cli;

import io.containerkit.spec.ContainerException;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Prints all about several things.
///
/// @param names the things
/// @param format a template; JSON without it
record Inspection(List<String> names, Optional<String> format) {

  static Flags flags() {
    return new Flags().value("f", "format", "json|TEMPLATE", "How to print; JSON without it.");
  }

  static Inspection of(Arguments arguments) {
    return new Inspection(arguments.operands(), arguments.text("format").filter(text -> !text.equals("json")));
  }

  /// Prints those that can be found, and complains of the others.
  ///
  /// @return the exit code
  int run(Session session, Function<String, JsonObject> find) {
    List<JsonObject> documents = new ArrayList<>();
    int code = 0;
    for (String name : names) {
      try {
        documents.add(find.apply(name));
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
