package io.containerkit.cli;

import io.containerkit.engine.Container;
import io.containerkit.linux.ProcessStat;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonNumber;
import io.containerkit.spec.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  @Override
  public int run(Session session) {
    List<Integer> pids;
    try (Container container = session.container(id)) {
      pids = container.ps();
    }
    if (format == Format.JSON) {
      List<JsonValue> numbers = new ArrayList<>();
      for (int pid : pids) {
        numbers.add(JsonNumber.of(pid));
      }
      session.print(new JsonArray(numbers));
      return 0;
    }
    Table table = new Table("PID", "PPID", "STATE", "COMMAND");
    for (int pid : pids) {
      // Of a sandbox the pids are its own, and some processes end while they are looked at: those have a number only.
      Optional<ProcessStat> stat = ProcessStat.of(pid);
      if (stat.isPresent()) {
        table.row(
            Integer.toString(pid),
            Integer.toString(stat.get().parent()),
            String.valueOf(stat.get().state()),
            commandLine(pid, stat.get().command()));
      } else {
        table.row(Integer.toString(pid), "-", "-", "-");
      }
    }
    session.out().print(table);
    return 0;
  }

  /// The command line, or in brackets the name of a process that has none.
  private static String commandLine(int pid, String name) {
    try {
      String words = Files.readString(Path.of("/proc", Integer.toString(pid), "cmdline"), StandardCharsets.ISO_8859_1);
      String line = words.replace('\0', ' ').strip();
      return line.isEmpty() ? "[" + name + "]" : new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    } catch (IOException ended) {
      return "[" + name + "]";
    }
  }
}
