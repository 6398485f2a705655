package io.containerkit.cli;

import io.containerkit.engine.Volume;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonString;
import io.containerkit.spec.JsonValue;
import java.util.List;
import java.util.TreeMap;

/// Volumes as documents, in the fields that docker has, and who uses them.
final class VolumeDocument {

  private VolumeDocument() {}

  static JsonObject of(Volume volume) {
    JsonObject labels = JsonObject.EMPTY;
    for (var label : new TreeMap<>(volume.labels()).entrySet()) {
      labels = labels.with(label.getKey(), label.getValue());
    }
    List<JsonValue> users = List.copyOf(volume.users().stream().map(JsonString::new).toList());
    return JsonObject.EMPTY
        .with("Name", volume.name())
        .with("Driver", "local")
        .with("Scope", "local")
        .with("Mountpoint", volume.path().toString())
        .with("CreatedAt", volume.created().toString())
        .with("Labels", labels)
        .with("Anonymous", volume.anonymous())
        .with("UsedBy", new JsonArray(users));
  }
}
