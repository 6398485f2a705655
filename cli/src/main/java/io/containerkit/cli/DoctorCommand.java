package io.containerkit.cli;

/// `ckit doctor`: says what works on this host, what does not, and what to do.
record DoctorCommand(Format format) implements Command {

  static Grammar grammar() {
    Flags flags = new Flags();
    Format.describe(flags);
    return Grammar.of(
        "doctor",
        "",
        "Says what works on this host, and what to do",
        "Runs a container with each runtime that is installed. Exits with 125 where none works.",
        flags,
        0,
        0,
        arguments -> new DoctorCommand(Format.of(arguments)));
  }
}
