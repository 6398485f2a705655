package io.containerkit.cli;

import io.containerkit.engine.Container;
import io.containerkit.spec.LinuxResources;
import java.nio.file.Path;
import java.util.Optional;

/// `ckit update`: changes the limits of a container.
///
/// @param file a JSON file with `linux.resources` of the runtime-spec, instead of flags
record UpdateCommand(String id, Optional<Path> file, LinuxResources limits) implements Command {

  static Grammar grammar() {
    Flags flags =
        new Flags()
            .section("Update")
            .value("r", "resources", "FILE", "Takes the limits from a JSON file, as linux.resources; - is standard input.");
    ResourceFlags.describe(flags);
    return Grammar.of(
        "update",
        "CONTAINER",
        "Changes the limits of a container",
        "Limits that are not named stay as they are.",
        flags,
        1,
        1,
        UpdateCommand::of);
  }

  static UpdateCommand of(Arguments arguments) {
    int flags = arguments.given().size();
    if (flags == 0) {
      throw arguments.mistake("no limit is named; see ckit update --help");
    }
    Optional<Path> file = Values.path(arguments, "resources");
    if (file.isPresent() && flags > 1) {
      throw arguments.mistake("--resources cannot be combined with other limits: write them into the file");
    }
    return new UpdateCommand(arguments.operand(0), file, ResourceFlags.of(arguments));
  }

  @Override
  public int run(Session session) {
    try (Container container = session.container(id)) {
      container.update(file.isPresent() ? JsonFile.read(file.get(), LinuxResources::of) : limits);
      return 0;
    }
  }
}
