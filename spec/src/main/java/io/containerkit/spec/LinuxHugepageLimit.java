package io.containerkit.spec;

import java.util.ArrayList;
import java.util.List;

/// The limit on huge pages of one size.
///
/// @param pageSize the size, such as `2MB`
/// @param limit the bytes that may be used (unsigned 64-bit)
/// @param extra the members that the components do not say
public record LinuxHugepageLimit(String pageSize, long limit, JsonObject extra) implements SpecPart {

  /// A limit.
  public static LinuxHugepageLimit of(String pageSize, long limit) {
    return new LinuxHugepageLimit(pageSize, limit, JsonObject.EMPTY);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static LinuxHugepageLimit of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static LinuxHugepageLimit read(ObjectReader in) {
    return new LinuxHugepageLimit(in.requiredString("pageSize"), in.requiredUint64("limit"), in.rest());
  }

  static List<LinuxHugepageLimit> readAll(List<ObjectReader> all) {
    List<LinuxHugepageLimit> parts = new ArrayList<>(all.size());
    for (ObjectReader in : all) {
      parts.add(read(in));
    }
    return parts;
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter().required("pageSize", pageSize).unsigned("limit", limit).end(extra);
  }
}
