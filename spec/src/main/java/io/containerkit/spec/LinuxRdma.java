package io.containerkit.spec;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The limits on resources of one RDMA device.
///
/// @param hcaHandles the most handles, or null
/// @param hcaObjects the most objects, or null
/// @param extra the members that the components do not say
public record LinuxRdma(
    @Nullable Long hcaHandles,
    @Nullable Long hcaObjects,
    JsonObject extra)
    implements SpecPart {

  /// Refuses numbers out of range.
  public LinuxRdma {
    Components.uint32("hcaHandles", hcaHandles);
    Components.uint32("hcaObjects", hcaObjects);
  }

  /// Limits; null for none.
  public static LinuxRdma of(@Nullable Long hcaHandles, @Nullable Long hcaObjects) {
    return new LinuxRdma(hcaHandles, hcaObjects, JsonObject.EMPTY);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static LinuxRdma of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static LinuxRdma read(ObjectReader in) {
    return new LinuxRdma(in.uint32("hcaHandles"), in.uint32("hcaObjects"), in.rest());
  }

  static Map<String, LinuxRdma> readAll(Map<String, ObjectReader> all) {
    Map<String, LinuxRdma> parts = new LinkedHashMap<>();
    for (Map.Entry<String, ObjectReader> entry : all.entrySet()) {
      parts.put(entry.getKey(), read(entry.getValue()));
    }
    return parts;
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter().optional("hcaHandles", hcaHandles).optional("hcaObjects", hcaObjects).end(extra);
  }
}
