package io.containerkit.cli;

import io.containerkit.image.Image;
import io.containerkit.image.Images;
import io.containerkit.spec.ContainerException;
import io.containerkit.spec.ErrorKind;
import java.util.List;
import java.util.Optional;

/// `ckit rmi`: removes images.
///
/// @param all whether all images are meant
/// @param force whether an image that is given by its ID loses all its names
/// @param ignore whether an image that is not here is no mistake
record RmiCommand(List<String> names, boolean all, boolean force, boolean ignore) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "rmi",
        "IMAGE…",
        "Removes images",
        """
        Takes away a name, and with the last name what no other image and no container needs. An image that
        is given by its ID loses its name, or with --force all its names.
        """,
        new Flags()
            .toggle("a", "all", "Removes all images.")
            .toggle("f", "force", "Removes an image given by its ID though it has several names.")
            .toggle("i", "ignore", "Does not mind an image that is not here."),
        0,
        Grammar.ANY,
        RmiCommand::of);
  }

  static RmiCommand of(Arguments arguments) {
    boolean all = arguments.has("all");
    if (all != arguments.operands().isEmpty()) {
      throw arguments.mistake(all ? "--all and names exclude each other" : "which image? Name it, or give --all");
    }
    return new RmiCommand(arguments.operands(), all, arguments.has("force"), arguments.has("ignore"));
  }

  @Override
  public int run(Session session) {
    Images images = session.images();
    int code = 0;
    for (String name : all ? images.list().stream().map(Image::name).toList() : names) {
      try {
        remove(session, images, name);
      } catch (ContainerException e) {
        if (e.kind() != ErrorKind.NOT_FOUND || !ignore) {
          session.complain(e);
          code = Main.FAILED;
        }
      }
    }
    return code;
  }

  private void remove(Session session, Images images, String name) {
    // None where the image was damaged and only its name is left.
    Optional<Image> image = images.find(name);
    Images.Removed removed = images.remove(name, force);
    removed.names().forEach(gone -> session.out().println("Untagged: " + gone));
    image.map(known -> known.id().toString()).filter(id -> images.find(id).isEmpty()).ifPresent(id -> session.out().println("Deleted: " + id));
  }
}
