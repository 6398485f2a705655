package io.containerkit.cli;

/// `ckit list`: prints the containers of this state directory.
record ListCommand(Format format, boolean quiet) implements Command {

  static Grammar grammar() {
    Flags flags = new Flags();
    Format.describe(flags);
    return Grammar.of(
        "list",
        "",
        "Lists containers",
        "",
        flags.toggle("q", "quiet", "Prints the ids only."),
        0,
        0,
        arguments -> new ListCommand(Format.of(arguments), arguments.has("quiet")));
  }
}
