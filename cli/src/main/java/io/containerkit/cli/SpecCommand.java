package io.containerkit.cli;

import java.nio.file.Path;

/// `ckit spec`: writes a `config.json` to start a bundle from.
record SpecCommand(Path bundle, boolean rootless, boolean force) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "spec",
        "",
        "Writes a config.json to start a bundle from",
        """
        It runs sh in the bundle's directory rootfs, with what ckit run gives a container when no flag says
        otherwise.
        """,
        new Flags()
            .value("b", "bundle", "DIR", "The bundle; the working directory without it.")
            .toggle("rootless", "For a runtime that is run by a user: with a user namespace, and without limits.")
            .toggle("force", "Replaces a config.json that is there."),
        0,
        0,
        SpecCommand::of);
  }

  static SpecCommand of(Arguments arguments) {
    return new SpecCommand(
        Values.path(arguments, "bundle").orElse(Path.of("")), arguments.has("rootless"), arguments.has("force"));
  }
}
