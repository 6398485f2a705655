package io.containerkit.image;

import io.containerkit.spec.ImageException;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonString;
import io.containerkit.spec.JsonValue;
import io.containerkit.spec.ObjectReader;
import io.containerkit.spec.SpecException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the documents of images have in common, beyond what spec's reader and writer know.
final class Parts {

  private Parts() {}

  /// An unmodifiable copy that keeps the order.
  static Map<String, String> copy(Map<String, String> map) {
    return map.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /// Takes a digest that must be there.
  static Digest digest(ObjectReader in, String member) {
    var text = in.requiredString(member);
    try {
      return Digest.of(text);
    } catch (ImageException e) {
      throw in.problem(member, String.valueOf(e.getMessage()));
    }
  }

  /// Takes a list of digests; empty where there is none.
  static List<Digest> digests(ObjectReader in, String member) {
    var digests = new ArrayList<Digest>();
    for (var text : in.strings(member)) {
      try {
        digests.add(Digest.of(text));
      } catch (ImageException e) {
        throw new SpecException(
            "", in.pointer() + "/" + member + "/" + digests.size(), String.valueOf(e.getMessage()), e);
      }
    }
    return digests;
  }

  /// Takes the names of an object whose members say nothing: Go's way of writing a set.
  static List<String> nameSet(ObjectReader in, String member) {
    return List.copyOf(in.objectMap(member).keySet());
  }

  static JsonObject nameSet(List<String> names) {
    var members = new LinkedHashMap<String, JsonValue>();
    names.forEach(name -> members.put(name, JsonObject.EMPTY));
    return new JsonObject(members);
  }

  static JsonArray texts(List<?> values) {
    return new JsonArray(values.stream().<JsonValue>map(v -> new JsonString(v.toString())).toList());
  }
}
