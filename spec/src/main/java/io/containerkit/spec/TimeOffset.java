package io.containerkit.spec;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How far a clock of a time namespace is from that of the host (time_namespaces(7)).
///
/// @param secs the seconds, or null for 0
/// @param nanosecs the nanoseconds to add, or null for 0
/// @param extra the members that the components do not say
public record TimeOffset(
    @Nullable Long secs,
    @Nullable Long nanosecs,
    JsonObject extra)
    implements SpecPart {

  /// Refuses numbers out of range.
  public TimeOffset {
    Components.uint32("nanosecs", nanosecs);
  }

  /// An offset.
  public static TimeOffset of(long secs, long nanosecs) {
    return new TimeOffset(secs, nanosecs, JsonObject.EMPTY);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static TimeOffset of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static TimeOffset read(ObjectReader in) {
    return new TimeOffset(in.int64("secs"), in.uint32("nanosecs"), in.rest());
  }

  static Map<String, TimeOffset> readAll(Map<String, ObjectReader> all) {
    Map<String, TimeOffset> parts = new LinkedHashMap<>();
    for (Map.Entry<String, ObjectReader> entry : all.entrySet()) {
      parts.put(entry.getKey(), read(entry.getValue()));
    }
    return parts;
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter().optional("secs", secs).optional("nanosecs", nanosecs).end(extra);
  }
}
