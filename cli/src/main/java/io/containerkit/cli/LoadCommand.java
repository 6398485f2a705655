package io.containerkit.cli;

import io.containerkit.image.Images;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `ckit load`: brings the images of a file.
///
/// @param input an archive, or the directory of a layout; empty for standard input
record LoadCommand(Optional<Path> input) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "load",
        "",
        "Brings the images of an archive",
        "Archives of docker save and OCI image layouts, compressed or not; or a directory with such a layout.",
        new Flags()
            .value("i", "input", "FILE", "Where from; standard input without it.")
            .toggle("q", "quiet", "For scripts: no progress is shown in any case."),
        0,
        0,
        arguments -> new LoadCommand(Values.path(arguments, "input")));
  }

  @Override
  public int run(Session session) throws InterruptedException {
    Images images = session.images();
    List<String> names =
        input.isPresent() && Files.isDirectory(input.get()) ? images.load(input.get()) : ArchiveFile.read(input, images::load);
    names.forEach(name -> session.out().println("Loaded image: " + name));
    return 0;
  }
}
