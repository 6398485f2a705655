package io.containerkit.cli;

import io.containerkit.image.Image;
import io.containerkit.image.ImageReference;
import io.containerkit.image.Images;
import io.containerkit.spec.JsonObject;
import java.util.List;

/// `ckit inspect`: prints all about images.
record InspectCommand(Inspection inspection) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "inspect",
        "IMAGE…",
        "Prints all about images",
        """
        For containers there is ckit state.

          ckit inspect -f '{{.Os}}/{{.Architecture}} {{json .Config.Env}}' alpine
        """,
        Inspection.flags(),
        1,
        Grammar.ANY,
        arguments -> new InspectCommand(Inspection.of(arguments)));
  }

  @Override
  public int run(Session session) {
    Images images = session.images();
    return inspection.run(session, name -> document(images, images.get(name)));
  }

  private static JsonObject document(Images images, Image image) {
    List<ImageReference> names =
        images.list().stream().filter(other -> other.id().equals(image.id())).flatMap(other -> other.reference().stream()).toList();
    return ImageDocument.whole(image, names);
  }
}
