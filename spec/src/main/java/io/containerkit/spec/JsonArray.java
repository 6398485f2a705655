package io.containerkit.spec;

import java.util.List;

/// A JSON array.
///
/// @param values its elements, in order
public record JsonArray(List<JsonValue> values) implements JsonValue {

  /// Copies the list.
  public JsonArray {
    values = List.copyOf(values);
  }

  @Override
  public String described() {
    return "an array";
  }

  @Override
  public String toString() {
    return Json.write(this);
  }
}
