package io.containerkit.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Puts the components of a part into an object, in order, leaving out those that say nothing. The counterpart of
/// [ObjectReader]; not thread-safe.
public final class ObjectWriter {

  private final Map<String, JsonValue> members = new LinkedHashMap<>();

  /// A writer of an object that has no members yet.
  public ObjectWriter() {}

  /// The object: what was put, then the members of `extra` whose names were not.
  public JsonObject end(JsonObject extra) {
    for (Map.Entry<String, JsonValue> member : extra.members().entrySet()) {
      members.putIfAbsent(member.getKey(), member.getValue());
    }
    return members.isEmpty() ? JsonObject.EMPTY : new JsonObject(members);
  }

  /// Puts a text unless it is empty.
  public ObjectWriter string(String name, String value) {
    return value.isEmpty() ? this : required(name, value);
  }

  /// Puts a text, empty or not.
  public ObjectWriter required(String name, String value) {
    return value(name, new JsonString(value));
  }

  /// Puts a flag that is true.
  public ObjectWriter flag(String name, boolean value) {
    return value ? required(name, true) : this;
  }

  /// Puts a boolean, true or false.
  public ObjectWriter required(String name, boolean value) {
    return value(name, JsonBoolean.of(value));
  }

  /// Puts a boolean unless it is null.
  public ObjectWriter optional(String name, @Nullable Boolean value) {
    return value == null ? this : required(name, (boolean) value);
  }

  /// Puts an integer unless it is null.
  public ObjectWriter optional(String name, @Nullable Integer value) {
    return value == null ? this : required(name, (long) value);
  }

  /// Puts a signed integer unless it is null.
  public ObjectWriter optional(String name, @Nullable Long value) {
    return value == null ? this : required(name, (long) value);
  }

  /// Puts a signed integer.
  public ObjectWriter required(String name, long value) {
    return value(name, JsonNumber.of(value));
  }

  /// Puts an integer other than 0.
  public ObjectWriter nonZero(String name, long value) {
    return value == 0 ? this : required(name, value);
  }

  /// Puts an unsigned 64-bit integer unless it is null.
  public ObjectWriter unsigned(String name, @Nullable Long value) {
    return value == null ? this : value(name, JsonNumber.ofUnsigned(value));
  }

  /// Puts a list of texts unless it is empty.
  public ObjectWriter strings(String name, List<String> values) {
    if (values.isEmpty()) {
      return this;
    }
    List<JsonValue> elements = new ArrayList<>(values.size());
    for (String value : values) {
      elements.add(new JsonString(value));
    }
    return value(name, new JsonArray(elements));
  }

  /// Puts a list of signed integers unless it is empty.
  public ObjectWriter numbers(String name, List<Long> values) {
    if (values.isEmpty()) {
      return this;
    }
    List<JsonValue> elements = new ArrayList<>(values.size());
    for (Long value : values) {
      elements.add(JsonNumber.of(value));
    }
    return value(name, new JsonArray(elements));
  }

  /// Puts a map of texts unless it is empty.
  public ObjectWriter stringMap(String name, Map<String, String> values) {
    if (values.isEmpty()) {
      return this;
    }
    Map<String, JsonValue> map = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : values.entrySet()) {
      map.put(entry.getKey(), new JsonString(entry.getValue()));
    }
    return value(name, new JsonObject(map));
  }

  /// Puts a part unless it is null.
  public ObjectWriter object(String name, @Nullable SpecPart part) {
    return part == null ? this : value(name, part.toJson());
  }

  /// Puts an object unless it is empty.
  public ObjectWriter object(String name, JsonObject object) {
    return object.isEmpty() ? this : value(name, object);
  }

  /// Puts a part whose absence means the same as its emptiness.
  public ObjectWriter nonEmpty(String name, SpecPart part) {
    JsonObject object = part.toJson();
    return object.isEmpty() ? this : value(name, object);
  }

  /// Puts a list of parts unless it is empty.
  public ObjectWriter objects(String name, List<? extends SpecPart> parts) {
    if (parts.isEmpty()) {
      return this;
    }
    List<JsonValue> elements = new ArrayList<>(parts.size());
    for (SpecPart part : parts) {
      elements.add(part.toJson());
    }
    return value(name, new JsonArray(elements));
  }

  /// Puts a map of parts unless it is empty.
  public ObjectWriter objectMap(String name, Map<String, ? extends SpecPart> parts) {
    if (parts.isEmpty()) {
      return this;
    }
    Map<String, JsonValue> map = new LinkedHashMap<>();
    for (Map.Entry<String, ? extends SpecPart> entry : parts.entrySet()) {
      map.put(entry.getKey(), entry.getValue().toJson());
    }
    return value(name, new JsonObject(map));
  }

  private ObjectWriter value(String name, JsonValue value) {
    members.put(name, value);
    return this;
  }
}
