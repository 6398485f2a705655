package io.containerkit.cli;

import io.containerkit.image.Descriptor;
import io.containerkit.image.Image;
import io.containerkit.image.ImageReference;
import io.containerkit.image.Images;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// `ckit push`: brings an image to a registry.
///
/// @param target under which name; empty for the image's own
/// @param digestFile where to write the digest
record PushCommand(String image, Optional<ImageReference> target, Optional<Path> digestFile, boolean quiet, RegistryFlags registry)
    implements Command {

  static Grammar grammar() {
    Flags flags =
        new Flags()
            .section("Push")
            .value("digestfile", "FILE", "Writes the digest of what was pushed.")
            .toggle("q", "quiet", "Shows no progress.");
    RegistryFlags.describe(flags);
    return Grammar.of(
        "push",
        "IMAGE [NAME]",
        "Brings an image to a registry",
        """
        Prints the digest of what was pushed: all platforms if all are here, else the one that is. What the
        registry has is not sent.

          ckit push team/app:2 registry.example:5000/team/app:2
        """,
        flags,
        1,
        2,
        arguments ->
            new PushCommand(
                arguments.operand(0),
                arguments.optionalOperand(1).map(ImageReference::of),
                Values.path(arguments, "digestfile"),
                arguments.has("quiet"),
                RegistryFlags.of(arguments)));
  }

  @Override
  public int run(Session session) throws InterruptedException {
    ImageReference name = target.isPresent() ? target.get() : own(session);
    Images images = session.images(registry, name.registry());
    Descriptor pushed;
    try (TransferDisplay display = TransferDisplay.of(session, quiet, "push " + name.familiar())) {
      pushed = images.push(image, name, display);
    }
    session.out().println(pushed.digest());
    if (digestFile.isPresent()) {
      write(digestFile.get(), pushed.digest().toString());
    }
    return 0;
  }

  private ImageReference own(Session session) {
    Image found = session.images().get(image);
    return found
        .reference()
        .orElseThrow(
            () -> new ImageException(ErrorKind.INVALID_ARGUMENT, image, "image " + image + " has no name to be pushed under: give one", null));
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw HostFacts.failure("write", file, e);
    }
  }
}
