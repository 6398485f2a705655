package io.containerkit.cli;

import java.time.Duration;

/// `ckit events`: prints what happens to a container, until it ends.
///
/// @param stats whether to print one reading of what it uses and return
record EventsCommand(String id, Duration interval, boolean stats, Format format) implements Command {

  static Grammar grammar() {
    Flags flags =
        new Flags()
            .value("i", "interval", "DURATION", "The time between two readings of what it uses; 5s without it.")
            .toggle("stats", "Prints one reading of what it uses, and returns.");
    Format.describe(flags);
    return Grammar.of(
        "events",
        "CONTAINER",
        "Prints what happens to a container, until it ends",
        "With --format json, one object a line, as runc prints them.",
        flags,
        1,
        1,
        EventsCommand::of);
  }

  static EventsCommand of(Arguments arguments) {
    return new EventsCommand(
        arguments.operand(0), Values.interval(arguments), arguments.has("stats"), Format.of(arguments));
  }
}
