package io.containerkit.cli;

/// `ckit image`: the commands about images under the names that they have below `docker image`, and those that are only there.
final class ImageCommand {

  private ImageCommand() {}

  static Grammar grammar() {
    return Grammar.ofForeign(
        "image",
        "COMMAND …",
        "Manages images",
        """
        ckit image prune removes what nothing needs, and ckit image check looks the whole store
        through. The others are those of ckit: ls is images, rm is rmi; history, import, inspect, load,
        pull, push, save, tag.
        """,
        new Flags(),
        1,
        arguments -> named(arguments.operand(0)).read(arguments.operands().stream().skip(1).toArray(String[]::new)));
  }

  private static Grammar named(String name) {
    return switch (name) {
      case "prune" -> ImagePruneCommand.grammar();
      case "check" -> ImageCheckCommand.grammar();
      case "ls", "list" -> Commands.named("images");
      case "rm" -> Commands.named("rmi");
      case "history", "import", "inspect", "load", "pull", "push", "save", "tag" -> Commands.named(name);
      default -> throw new UsageException("image: unknown command \"" + name + "\" (ckit image --help lists all)");
    };
  }
}
