package io.containerkit.cli;

import io.containerkit.engine.Container;
import io.containerkit.runtime.ContainerEvent;
import io.containerkit.runtime.ContainerEvents;
import io.containerkit.runtime.ContainerStats;
import io.containerkit.spec.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

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

  @Override
  public int run(Session session) throws InterruptedException {
    try (Container container = session.container(id)) {
      if (stats) {
        print(session, new ContainerEvent.Stats(container.stats()));
        return 0;
      }
      try (ContainerEvents events = container.events(interval)) {
        ContainerEvent event;
        do {
          event = events.next();
          print(session, event);
        } while (!(event instanceof ContainerEvent.Ended));
      }
      return 0;
    }
  }

  private void print(Session session, ContainerEvent event) {
    if (format == Format.JSON) {
      session.printLine(document(event));
    } else {
      session.printNow(line(event) + "\n");
    }
  }

  JsonObject document(ContainerEvent event) {
    return switch (event) {
      case ContainerEvent.Stats(ContainerStats reading) -> StatsDocument.event(id, reading);
      case ContainerEvent.Oom(Instant at, OptionalLong kills) -> document("oom", at, kills);
      case ContainerEvent.Ended(Instant at, OptionalLong kills) -> document("ended", at, kills);
    };
  }

  private JsonObject document(String type, Instant at, OptionalLong kills) {
    JsonObject document = JsonObject.EMPTY.with("type", type).with("id", id).with("time", at.toString());
    return kills.isPresent() ? document.with("oomKills", kills.getAsLong()) : document;
  }

  String line(ContainerEvent event) {
    return switch (event) {
      case ContainerEvent.Stats(ContainerStats reading) -> event.at() + " stats " + line(reading);
      case ContainerEvent.Oom(Instant at, OptionalLong kills) -> at + " out of memory" + line(kills);
      case ContainerEvent.Ended(Instant at, OptionalLong kills) -> at + " ended" + line(kills);
    };
  }

  private static String line(ContainerStats stats) {
    return "cpu=" + stats.cpu().map(cpu -> Quantity.time(cpu.time().total())).orElse("-")
        + " memory=" + stats.memory().map(memory -> Quantity.bytes(memory.workingSet())).orElse("-")
        + " pids=" + stats.pids().map(pids -> Long.toUnsignedString(pids.current())).orElse("-");
  }

  private static String line(OptionalLong kills) {
    return kills.orElse(0) == 0 ? "" : ", processes killed so far: " + kills.getAsLong();
  }
}
