package io.containerkit.engine;

import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is written down about a container before anything is done for it, so that any process, the lifeline's shell included, can
/// undo it: the file `journal` in its directory, lines of `key=value`.
///
/// @param runtime the runtime's binary and global arguments, `--root=…` among them
/// @param bundle the OCI bundle
/// @param cgroup the container's own cgroup, a path below each hierarchy; empty if it shares one
/// @param belongings what it has outside of its directory
record Journal(List<String> runtime, Path bundle, String cgroup, Belongings belongings) {

  static final String FILE = "journal";

  void write(StateDirectory state, Path directory) {
    StringBuilder text = new StringBuilder();
    runtime.forEach(word -> line(text, "runtime", word));
    line(text, "bundle", bundle.toString());
    line(text, "cgroup", cgroup);
    belongings.owned().forEach(path -> line(text, "owned", path.toString()));
    belongings.volumes().forEach(path -> line(text, "volume", path.toString()));
    state.write(directory, FILE, text.toString());
  }

  static Optional<Journal> read(StateDirectory state, String id) {
    return state.read(id, FILE).map(Journal::parse);
  }

  private static Journal parse(List<String> lines) {
    List<String> runtime = new ArrayList<>();
    String bundle = "";
    String cgroup = "";
    List<Path> owned = new ArrayList<>();
    List<Path> volumes = new ArrayList<>();
    for (String line : lines) {
      int equals = line.indexOf('=');
      String value = line.substring(equals + 1);
      switch (line.substring(0, Math.max(0, equals))) {
        case "runtime" -> runtime.add(value);
        case "bundle" -> bundle = value;
        case "cgroup" -> cgroup = value;
        case "owned" -> owned.add(Path.of(value));
        case "volume" -> volumes.add(Path.of(value));
        default -> {
          // Written by a later version: not needed to undo what this version knows.
        }
      }
    }
    return new Journal(runtime, Path.of(bundle), cgroup, new Belongings(owned, volumes));
  }

  private static void line(StringBuilder text, String key, String value) {
    if (value.indexOf('\n') >= 0) {
      throw new EngineException(
          ErrorKind.INVALID_ARGUMENT, value, key + " must not contain a line break: " + value.replace('\n', '?'), null);
    }
    text.append(key).append('=').append(value).append('\n');
  }
}
