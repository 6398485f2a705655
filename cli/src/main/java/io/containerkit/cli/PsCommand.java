package io.containerkit.cli;

/// `ckit ps`: prints the processes in a container.
record PsCommand(String id, Format format) implements Command {

  static Grammar grammar() {
    Flags flags = new Flags();
    Format.describe(flags);
    return Grammar.of(
        "ps",
        "CONTAINER",
        "Lists the processes in a container",
        "Process ids are the host's. ckit list lists containers.",
        flags,
        1,
        1,
        arguments -> new PsCommand(arguments.operand(0), Format.of(arguments)));
  }
}
