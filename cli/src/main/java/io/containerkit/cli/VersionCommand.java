package io.containerkit.cli;

/// `ckit version`: prints the versions of ckit and of the runtime.
record VersionCommand(Format format) implements Command {

  static Grammar grammar() {
    Flags flags = new Flags();
    Format.describe(flags);
    return Grammar.of(
        "version",
        "",
        "Prints the versions of ckit and of the runtime",
        "",
        flags,
        0,
        0,
        arguments -> new VersionCommand(Format.of(arguments)));
  }
}
