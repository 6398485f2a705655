package io.containerkit.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A JSON object. Its members keep their order; two objects are equal whatever the order.
///
/// @param members the members by name, not modifiable
public record JsonObject(Map<String, JsonValue> members) implements JsonValue {

  /// The object without members.
  public static final JsonObject EMPTY = new JsonObject(Map.of());

  /// Copies the map, and refuses names with lone surrogates.
  public JsonObject {
    for (String name : members.keySet()) {
      JsonString.requireWellFormed(name);
    }
    members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  /// The member of this name, or null where there is none.
  public @Nullable JsonValue get(String name) {
    return members.get(name);
  }

  /// Whether there are no members.
  public boolean isEmpty() {
    return members.isEmpty();
  }

  /// This object with a member added or replaced.
  public JsonObject with(String name, JsonValue value) {
    Map<String, JsonValue> copy = new LinkedHashMap<>(members);
    copy.put(name, value);
    return new JsonObject(copy);
  }

  /// This object with a string added or replaced.
  public JsonObject with(String name, String value) {
    return with(name, new JsonString(value));
  }

  /// This object with a signed integer added or replaced.
  public JsonObject with(String name, long value) {
    return with(name, JsonNumber.of(value));
  }

  /// This object with a boolean added or replaced.
  public JsonObject with(String name, boolean value) {
    return with(name, JsonBoolean.of(value));
  }

  /// This object with the member of this name taken out.
  public JsonObject without(String name) {
    if (!members.containsKey(name)) {
      return this;
    }
    Map<String, JsonValue> copy = new LinkedHashMap<>(members);
    copy.remove(name);
    return new JsonObject(copy);
  }

  @Override
  public String described() {
    return "an object";
  }

  @Override
  public String toString() {
    return Json.write(this);
  }
}
