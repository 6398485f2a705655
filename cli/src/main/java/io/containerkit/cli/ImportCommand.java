package io.containerkit.cli;

import io.containerkit.image.ConfigChanges;
import io.containerkit.image.ImageConfig.Defaults;
import io.containerkit.image.ImageReference;
import io.containerkit.image.Images;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `ckit import`: makes an image of an archive of files.
///
/// @param input the archive; empty for standard input
/// @param name the image's name
/// @param changes instructions of a Dockerfile
record ImportCommand(Optional<Path> input, Optional<ImageReference> name, List<String> changes, String message) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "import",
        "FILE|- [NAME]",
        "Makes an image of an archive of files",
        """
        Prints the image's ID.

          ckit import -c 'CMD ["/bin/sh"]' rootfs.tar.gz my/base:1
        """,
        new Flags()
            .value("c", "change", "INSTRUCTION", "CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL, USER, VOLUME or WORKDIR. Repeatable.")
            .value("m", "message", "TEXT", "What the image's history says.")
            .toggle("q", "quiet", "For scripts: no progress is shown in any case."),
        1,
        2,
        ImportCommand::of);
  }

  static ImportCommand of(Arguments arguments) {
    String file = arguments.operand(0);
    return new ImportCommand(
        file.equals("-") ? Optional.empty() : Optional.of(Values.path(arguments, "FILE", file)),
        arguments.optionalOperand(1).map(ImageReference::of),
        arguments.texts("change"),
        arguments.text("message").orElse("ckit import"));
  }

  @Override
  public int run(Session session) throws InterruptedException {
    Defaults defaults = ConfigChanges.apply(Defaults.NONE, changes);
    Images images = session.images();
    String made = ArchiveFile.read(input, in -> images.importTar(in, name, defaults, message));
    session.out().println(images.get(made).id());
    return 0;
  }
}
