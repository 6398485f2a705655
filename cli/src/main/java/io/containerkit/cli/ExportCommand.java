package io.containerkit.cli;

import io.containerkit.engine.Container;
import java.nio.file.Path;
import java.util.Optional;

/// `ckit export`: writes the files of a container as an archive.
///
/// @param output the file; empty for standard output
record ExportCommand(String id, Optional<Path> output) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "export",
        "CONTAINER",
        "Writes the files of a container as an archive",
        """
        All files of its root, without what is mounted in it; ckit import makes an image of them. For
        containers of images.
        """,
        new Flags().value("o", "output", "FILE", "Where to; standard output without it."),
        1,
        1,
        arguments -> new ExportCommand(arguments.operand(0), Values.path(arguments, "output")));
  }

  @Override
  public int run(Session session) throws InterruptedException {
    try (Container container = session.container(id)) {
      ArchiveFile.write(output, container::export);
      return 0;
    }
  }
}
