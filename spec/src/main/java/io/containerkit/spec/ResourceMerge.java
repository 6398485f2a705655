package io.containerkit.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Lays one set of limits over another, as documents: members merge, elements of lists match by what they limit.
final class ResourceMerge {

  private ResourceMerge() {}

  static JsonObject merge(JsonObject base, JsonObject over) {
    Map<String, JsonValue> merged = new LinkedHashMap<>(base.members());
    for (Map.Entry<String, JsonValue> member : over.members().entrySet()) {
      String name = member.getKey();
      JsonValue below = merged.get(name);
      JsonValue above = member.getValue();
      if (below instanceof JsonObject a && above instanceof JsonObject b) {
        merged.put(name, merge(a, b));
      } else if (below instanceof JsonArray a && above instanceof JsonArray b && !name.equals("devices")) {
        merged.put(name, merge(a.values(), b.values()));
      } else {
        merged.put(name, above);
      }
    }
    return new JsonObject(merged);
  }

  private static JsonArray merge(List<JsonValue> base, List<JsonValue> over) {
    Map<Object, JsonValue> merged = new LinkedHashMap<>();
    for (JsonValue element : base) {
      merged.put(identity(element), element);
    }
    for (JsonValue element : over) {
      JsonValue below = merged.get(identity(element));
      merged.put(
          identity(element),
          below instanceof JsonObject a && element instanceof JsonObject b ? merge(a, b) : element);
    }
    return new JsonArray(List.copyOf(merged.values()));
  }

  /// What an element limits: a page size, a device, an interface; any other element is only like itself.
  private static Object identity(JsonValue element) {
    if (element instanceof JsonObject limit) {
      Map<String, JsonValue> identity = new LinkedHashMap<>(limit.members());
      if (identity.keySet().retainAll(List.of("pageSize", "major", "minor", "name")) && !identity.isEmpty()) {
        return identity;
      }
    }
    return element;
  }
}
