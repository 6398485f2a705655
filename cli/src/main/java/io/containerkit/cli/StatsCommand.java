package io.containerkit.cli;

import java.time.Duration;
import java.util.List;

/// `ckit stats`: prints what containers use, again and again.
///
/// @param ids the containers; all that run where there are none
record StatsCommand(List<String> ids, boolean once, Duration interval, Format format) implements Command {

  static Grammar grammar() {
    Flags flags =
        new Flags()
            .toggle("no-stream", "Prints once, instead of again and again.")
            .value("i", "interval", "DURATION", "The time between two prints; 5s without it.");
    Format.describe(flags);
    return Grammar.of(
        "stats",
        "[CONTAINER…]",
        "Prints what containers use",
        "Without an operand: all that run. With --format json, one object a line for each container and time.",
        flags,
        0,
        Grammar.ANY,
        StatsCommand::of);
  }

  static StatsCommand of(Arguments arguments) {
    return new StatsCommand(
        arguments.operands(), arguments.has("no-stream"), Values.interval(arguments), Format.of(arguments));
  }
}
