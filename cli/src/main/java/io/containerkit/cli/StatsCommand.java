package io.containerkit.cli;

import io.containerkit.engine.Container;
import io.containerkit.runtime.ContainerStats;
import io.containerkit.spec.ContainerException;
import io.containerkit.spec.ErrorKind;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

  @Override
  public int run(Session session) throws InterruptedException {
    Map<String, ContainerStats> before = new HashMap<>();
    while (true) {
      Map<String, ContainerStats> now = readings(session, before.isEmpty());
      if (format == Format.JSON) {
        now.forEach((id, stats) -> session.printLine(StatsDocument.event(id, stats)));
      } else {
        session.printNow(table(now, before).toString());
      }
      if (once || (now.isEmpty() && !ids.isEmpty())) {
        return 0;
      }
      before = now;
      Thread.sleep(interval);
    }
  }

  /// What each container uses. One that has ended is left out, except at first, where its absence is a failure.
  private Map<String, ContainerStats> readings(Session session, boolean first) {
    Map<String, ContainerStats> readings = new LinkedHashMap<>();
    for (String id : ids.isEmpty() ? session.kit().ids() : ids) {
      try (Container container = session.container(id)) {
        readings.put(id, container.stats());
      } catch (ContainerException e) {
        boolean ended = e.kind() == ErrorKind.NOT_FOUND || e.kind() == ErrorKind.NOT_RUNNING;
        if (!ended || (first && !ids.isEmpty())) {
          throw e;
        }
      }
    }
    return readings;
  }

  static Table table(Map<String, ContainerStats> now, Map<String, ContainerStats> before) {
    Table table = new Table("ID", "CPU", "CPU TIME", "MEMORY", "LIMIT", "PIDS", "READ", "WRITTEN");
    now.forEach(
        (id, stats) -> {
          long read = 0;
          long written = 0;
          for (ContainerStats.Io io : stats.io()) {
            read += io.bytes().read();
            written += io.bytes().written();
          }
          table.row(
              id,
              share(stats, before.get(id)),
              stats.cpu().map(cpu -> Quantity.time(cpu.time().total())).orElse("-"),
              stats.memory().map(memory -> Quantity.bytes(memory.workingSet())).orElse("-"),
              stats.memory().map(memory -> Quantity.limit(memory.usage().limit())).orElse("-"),
              stats.pids().map(pids -> Long.toUnsignedString(pids.current())).orElse("-"),
              Quantity.bytes(read),
              Quantity.bytes(written));
        });
    return table;
  }

  /// The processors in use since the reading before, in percent of one.
  private static String share(ContainerStats now, @Nullable ContainerStats before) {
    if (before == null || before.cpu().isEmpty() || now.cpu().isEmpty()) {
      return "-";
    }
    Duration used = now.cpu().get().time().total().minus(before.cpu().get().time().total());
    Duration passed = Duration.between(before.at(), now.at());
    return passed.isPositive() ? Quantity.percent((double) used.toNanos() / passed.toNanos()) : "-";
  }
}
