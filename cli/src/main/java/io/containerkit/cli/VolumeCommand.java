package io.containerkit.cli;

/// `ckit volume`: the commands about volumes, under the names that they have below `docker volume`.
final class VolumeCommand {

  private VolumeCommand() {}

  static Grammar grammar() {
    return Grammar.ofForeign(
        "volume",
        "create|ls|inspect|rm|prune …",
        "Manages volumes",
        """
        A volume is a directory that outlives containers. ckit run -v NAME:DIR mounts one and makes it
        if it is missing; the VOLUME of an image gets one of the container's own.

          ckit volume create --label team=blue db
          ckit run -v db:/var/lib/db IMAGE
          ckit volume prune -a
        """,
        new Flags(),
        1,
        arguments -> named(arguments.operand(0)).read(arguments.operands().stream().skip(1).toArray(String[]::new)));
  }

  private static Grammar named(String name) {
    return switch (name) {
      case "create" -> VolumeCreateCommand.grammar();
      case "ls", "list" -> VolumeListCommand.grammar();
      case "inspect" -> VolumeInspectCommand.grammar();
      case "rm", "remove" -> VolumeRemoveCommand.grammar();
      case "prune" -> VolumePruneCommand.grammar();
      default -> throw new UsageException("volume: unknown command \"" + name + "\" (ckit volume --help lists all)");
    };
  }
}
