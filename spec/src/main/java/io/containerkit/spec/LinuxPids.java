package io.containerkit.spec;

import org.jspecify.annotations.Nullable;

/// The limit on the number of tasks.
///
/// @param limit the most tasks; -1 for no limit; or null
/// @param extra the members that the components do not say
public record LinuxPids(@Nullable Long limit, JsonObject extra) implements SpecPart {

  /// A limit.
  public static LinuxPids of(long limit) {
    return new LinuxPids(limit, JsonObject.EMPTY);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static LinuxPids of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static LinuxPids read(ObjectReader in) {
    return new LinuxPids(in.int64("limit"), in.rest());
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter().optional("limit", limit).end(extra);
  }
}
