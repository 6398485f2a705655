package io.containerkit.runtime;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.Features;
import io.containerkit.spec.Json;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonNumber;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonValue;
import io.containerkit.spec.SpecException;
import io.containerkit.spec.State;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Has the runtime say what it knows: the commands that print a document.
final class Queries {

  private final Settings settings;
  private final Dialect dialect;
  private final Commands commands;

  Queries(Settings settings, Dialect dialect, Commands commands) {
    this.settings = settings;
    this.dialect = dialect;
    this.commands = commands;
  }

  Features features(List<String> extraArgs) {
    return Features.read(commands.read("features", "", new Args(dialect, "features").extra(extraArgs).list()));
  }

  State state(String id, List<String> extraArgs) {
    return parsed("state", id, State::read, commands.read("state", id, new Args(dialect, "state").extra(extraArgs).list(id)));
  }

  List<State> list(List<String> extraArgs) {
    List<String> args = new Args(dialect, "list").option("format", "json").extra(extraArgs).list();
    List<State> containers = new ArrayList<>();
    for (JsonValue container : array("list", "", commands.read("list", "", args))) {
      if (container instanceof JsonObject object) {
        containers.add(State.of(object));
      }
    }
    return List.copyOf(containers);
  }

  List<Integer> ps(String id, List<String> extraArgs) {
    List<String> args = new Args(dialect, "ps").option("format", "json").extra(extraArgs).list(id);
    List<Integer> pids = new ArrayList<>();
    for (JsonValue pid : array("ps", id, commands.read("ps", id, args))) {
      if (pid instanceof JsonNumber number) {
        pids.add(Integer.parseInt(number.text()));
      }
    }
    return List.copyOf(pids);
  }

  private List<JsonValue> array(String command, String subject, byte[] document) {
    // runc and runsc print null where there is nothing.
    return parsed(command, subject, Json::read, document) instanceof JsonArray array ? array.values() : List.of();
  }

  private interface Parser<T> {
    T parse(byte[] document);
  }

  private <T> T parsed(String command, String subject, Parser<T> parser, byte[] document) {
    try {
      return parser.parse(document);
    } catch (SpecException e) {
      String text = new String(document, 0, Math.min(document.length, 200), StandardCharsets.UTF_8);
      String what = settings.name() + " " + command + (subject.isEmpty() ? "" : " \"" + subject + "\"");
      throw Failure.of(
          ErrorKind.INTERNAL, what, "it printed what cannot be read: " + e.getMessage(), List.of(), null, List.of(), text, e);
    }
  }
}
