package io.containerkit.cli;

import io.containerkit.image.Image;
import io.containerkit.image.ImageReference;
import io.containerkit.image.Images;
import io.containerkit.spec.ContainerException;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `ckit inspect`: prints all about images.
record InspectCommand(List<String> names, Optional<String> format) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "inspect",
        "IMAGE…",
        "Prints all about images",
        """
        For containers there is ckit state.

          ckit inspect -f '{{.Os}}/{{.Architecture}} {{json .Config.Env}}' alpine
        """,
        new Flags().value("f", "format", "json|TEMPLATE", "How to print; JSON without it."),
        1,
        Grammar.ANY,
        arguments -> new InspectCommand(arguments.operands(), arguments.text("format").filter(text -> !text.equals("json"))));
  }

  @Override
  public int run(Session session) {
    Images images = session.images();
    List<JsonObject> documents = new ArrayList<>();
    int code = 0;
    for (String name : names) {
      try {
        documents.add(document(images, images.get(name)));
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

  private static JsonObject document(Images images, Image image) {
    List<ImageReference> names =
        images.list().stream().filter(other -> other.id().equals(image.id())).flatMap(other -> other.reference().stream()).toList();
    return ImageDocument.whole(image, names);
  }
}
