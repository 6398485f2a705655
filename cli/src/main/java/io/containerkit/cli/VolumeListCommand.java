package io.containerkit.cli;

import io.containerkit.engine.Volume;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// `ckit volume ls`: lists the volumes of this machine.
///
/// @param filters only those that all of these let through
record VolumeListCommand(Rows rows, boolean quiet, List<Filter> filters) implements Command {

  static Grammar grammar() {
    Flags flags = new Flags();
    Rows.describe(flags);
    return Grammar.of(
        "volume ls",
        "",
        "Lists volumes",
        "Filters: dangling=true|false (whether no container has it), label=NAME[=VALUE], name=PART.",
        flags.toggle("q", "quiet", "Prints the names only.").value("filter", "KIND=VALUE", "Lists only some. Repeatable."),
        0,
        0,
        arguments -> new VolumeListCommand(Rows.of(arguments), arguments.has("quiet"), VolumeFilter.of(arguments)));
  }

  @Override
  public int run(Session session) {
    List<Volume> volumes =
        session.volumes().list().stream().filter(volume -> filters.stream().allMatch(filter -> VolumeFilter.passes(volume, filter))).toList();
    if (quiet) {
      volumes.forEach(volume -> session.out().println(volume.name()));
      return 0;
    }
    SequencedMap<String, String> columns = new LinkedHashMap<>();
    columns.put("Driver", "DRIVER");
    columns.put("Name", "VOLUME NAME");
    rows.print(session, volumes.stream().map(VolumeDocument::of).toList(), columns);
    return 0;
  }
}
