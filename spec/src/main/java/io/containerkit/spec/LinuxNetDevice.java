package io.containerkit.spec;

import java.util.LinkedHashMap;
import java.util.Map;

/// A network device moved into a container.
///
/// @param name its name in the container; empty to keep the one on the host
/// @param extra the members that the components do not say
public record LinuxNetDevice(String name, JsonObject extra) implements SpecPart {

  /// A device that is renamed; an empty name keeps the one on the host.
  public static LinuxNetDevice of(String name) {
    return new LinuxNetDevice(name, JsonObject.EMPTY);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static LinuxNetDevice of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static LinuxNetDevice read(ObjectReader in) {
    return new LinuxNetDevice(in.string("name"), in.rest());
  }

  static Map<String, LinuxNetDevice> readAll(Map<String, ObjectReader> all) {
    Map<String, LinuxNetDevice> parts = new LinkedHashMap<>();
    for (Map.Entry<String, ObjectReader> entry : all.entrySet()) {
      parts.put(entry.getKey(), read(entry.getValue()));
    }
    return parts;
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter().string("name", name).end(extra);
  }
}
