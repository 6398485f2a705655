package io.containerkit.cli;

import io.containerkit.image.Images;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `ckit save`: writes images into a file.
///
/// @param output the file or, for a layout, the directory; empty for standard output
/// @param layout whether a directory is written
record SaveCommand(List<String> names, Optional<Path> output, boolean layout) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "save",
        "IMAGE…",
        "Writes images into an archive",
        """
        An archive is at the same time one of docker's and an OCI image layout, whichever of the two is
        asked for.

          ckit save alpine busybox | ssh other ckit load
          ckit save --format oci-dir -o layout alpine
        """,
        new Flags()
            .value("o", "output", "FILE", "Where to; standard output without it.")
            .value("format", "docker-archive|oci-archive|oci-dir", "An archive, or an OCI image layout in a directory.")
            .toggle("m", "multi-image-archive", "For scripts: several images are taken in any case.")
            .toggle("q", "quiet", "For scripts: nothing is shown in any case."),
        1,
        Grammar.ANY,
        SaveCommand::of);
  }

  static SaveCommand of(Arguments arguments) {
    boolean layout = Values.choice(arguments, "format", "docker-archive", "oci-archive", "oci-dir").orElse("").equals("oci-dir");
    Optional<Path> output = Values.path(arguments, "output");
    if (layout && output.isEmpty()) {
      throw arguments.mistake("--format oci-dir needs --output, the directory");
    }
    return new SaveCommand(arguments.operands(), output, layout);
  }

  @Override
  public int run(Session session) throws InterruptedException {
    Images images = session.images();
    if (layout) {
      images.save(names, output.orElseThrow());
    } else {
      // Before anything is written: a name that is wrong leaves no file behind.
      names.forEach(images::get);
      ArchiveFile.write(output, out -> images.save(names, out));
    }
    return 0;
  }
}
