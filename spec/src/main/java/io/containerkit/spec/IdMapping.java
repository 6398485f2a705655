package io.containerkit.spec;

import java.util.ArrayList;
import java.util.List;

/// A range of user or group ids of a user namespace or of an id-mapped mount.
///
/// @param containerId the first id in the container
/// @param hostId the first id on the host
/// @param size how many ids follow each other
/// @param extra the members that the components do not say
public record IdMapping(long containerId, long hostId, long size, JsonObject extra) implements SpecPart {

  /// Refuses numbers out of range.
  public IdMapping {
    Components.uint32("containerID", containerId);
    Components.uint32("hostID", hostId);
    Components.uint32("size", size);
  }

  /// A mapping.
  public static IdMapping of(long containerId, long hostId, long size) {
    return new IdMapping(containerId, hostId, size, JsonObject.EMPTY);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static IdMapping of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static IdMapping read(ObjectReader in) {
    return new IdMapping(
        in.requiredUint32("containerID"),
        in.requiredUint32("hostID"),
        in.requiredUint32("size"),
        in.rest());
  }

  static List<IdMapping> readAll(List<ObjectReader> all) {
    List<IdMapping> parts = new ArrayList<>(all.size());
    for (ObjectReader in : all) {
      parts.add(read(in));
    }
    return parts;
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .required("containerID", containerId)
        .required("hostID", hostId)
        .required("size", size)
        .end(extra);
  }
}
