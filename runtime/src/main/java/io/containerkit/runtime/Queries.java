package io.containerkit.runtime;

import io.containerkit.spec.Features;
import io.containerkit.spec.Json;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonNull;
import io.containerkit.spec.JsonNumber;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonValue;
import io.containerkit.spec.SpecException;
import io.containerkit.spec.State;
import java.util.ArrayList;
import java.util.List;

/// Has the runtime say what it knows: the commands that print a document.
final class Queries {

  private final Dialect dialect;
  private final Commands commands;

  Queries(Dialect dialect, Commands commands) {
    this.dialect = dialect;
    this.commands = commands;
  }

  Features features(List<String> extraArgs) {
    return commands.read("features", "", new Args(dialect, "features").extra(extraArgs).list(), Features::read);
  }

  State state(String id, List<String> extraArgs) {
    return commands.read("state", id, new Args(dialect, "state").extra(extraArgs).list(id), State::read);
  }

  List<State> list(List<String> extraArgs) {
    List<String> args = new Args(dialect, "list").option("format", "json").extra(extraArgs).list();
    return commands.read("list", "", args, Queries::states);
  }

  private static List<State> states(byte[] document) {
    List<State> containers = new ArrayList<>();
    for (JsonValue container : array(document)) {
      if (!(container instanceof JsonObject object)) {
        throw unexpected("not a container: " + container);
      }
      containers.add(State.of(object));
    }
    return List.copyOf(containers);
  }

  List<Integer> ps(String id, List<String> extraArgs) {
    List<String> args = new Args(dialect, "ps").option("format", "json").extra(extraArgs).list(id);
    return commands.read("ps", id, args, Queries::pids);
  }

  private static List<Integer> pids(byte[] document) {
    List<Integer> pids = new ArrayList<>();
    for (JsonValue pid : array(document)) {
      if (!(pid instanceof JsonNumber number)) {
        throw unexpected("not a pid: " + pid);
      }
      pids.add(Integer.parseInt(number.text()));
    }
    return List.copyOf(pids);
  }

  private static List<JsonValue> array(byte[] document) {
    JsonValue value = Json.read(document);
    if (value instanceof JsonArray array) {
      return array.values();
    }
    if (value instanceof JsonNull) {
      return List.of(); // what runc and runsc print where there is nothing
    }
    throw unexpected("not an array: " + value);
  }

  private static SpecException unexpected(String what) {
    return new SpecException("", what);
  }
}
