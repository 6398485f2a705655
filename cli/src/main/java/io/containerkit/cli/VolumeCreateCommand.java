package io.containerkit.cli;

import io.containerkit.engine.Volume;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// `ckit volume create`: makes a volume.
record VolumeCreateCommand(Optional<String> name, Map<String, String> labels) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "volume create",
        "[NAME]",
        "Makes a volume",
        "Prints its name. One of this name that exists is left as it is; without a name, one is made up.",
        new Flags().value("l", "label", "NAME[=VALUE]", "A note to keep with it. Repeatable."),
        0,
        1,
        VolumeCreateCommand::of);
  }

  static VolumeCreateCommand of(Arguments arguments) {
    if (arguments.operands().isEmpty() && arguments.has("label")) {
      throw arguments.mistake("a volume with labels has a name: give one");
    }
    Map<String, String> labels = new LinkedHashMap<>();
    for (String label : arguments.texts("label")) {
      int equals = label.indexOf('=');
      labels.put(equals < 0 ? label : label.substring(0, equals), equals < 0 ? "" : label.substring(equals + 1));
    }
    return new VolumeCreateCommand(arguments.optionalOperand(0), labels);
  }

  @Override
  public int run(Session session) {
    Volume made = name.isPresent() ? session.volumes().create(name.get(), labels) : session.volumes().create();
    session.out().println(made.name());
    return 0;
  }
}
