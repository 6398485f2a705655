package io.containerkit.engine;

import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonString;
import io.containerkit.spec.JsonValue;
import io.containerkit.spec.ObjectReader;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A volume, as it was when it was looked at: a directory that outlives the containers that it is mounted in.
///
/// @param name its name
/// @param path the directory that containers see
/// @param created when it was made
/// @param labels notes by name; nothing acts on them
/// @param anonymous whether nobody gave it its name: it is one container's, and goes with that
/// @param users the ids of the containers that it is mounted in, running or not
public record Volume(String name, Path path, Instant created, Map<String, String> labels, boolean anonymous, List<String> users) {

  public Volume {
    labels = Map.copyOf(labels);
    users = List.copyOf(users);
  }

  /// Whether a container has it.
  public boolean isUsed() {
    return !users.isEmpty();
  }

  /// The document that says what does not change.
  static JsonObject document(String name, Instant created, Map<String, String> labels, boolean anonymous) {
    Map<String, JsonValue> texts = new LinkedHashMap<>();
    labels.forEach((label, value) -> texts.put(label, new JsonString(value)));
    return JsonObject.EMPTY
        .with("name", name)
        .with("created", created.toString())
        .with("labels", new JsonObject(texts))
        .with("anonymous", anonymous);
  }

  static Volume of(ObjectReader in, Path path, List<String> users) {
    String created = in.requiredString("created");
    try {
      return new Volume(in.requiredString("name"), path, Instant.parse(created), in.stringMap("labels"), in.flag("anonymous"), users);
    } catch (DateTimeException e) {
      throw in.problem("created", "is no time: " + created);
    }
  }
}
