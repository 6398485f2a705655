package io.containerkit.spec;

import java.util.ArrayList;
import java.util.List;

/// A resource limit (getrlimit(2)).
///
/// @param type the resource, such as `RLIMIT_NOFILE`
/// @param soft the limit that the kernel enforces (unsigned 64-bit; [#INFINITY] for none)
/// @param hard the most that the process may raise it to (unsigned 64-bit; [#INFINITY] for none)
/// @param extra the members that the components do not say
public record Rlimit(String type, long soft, long hard, JsonObject extra) implements SpecPart {

  /// No limit: 18446744073709551615.
  public static final long INFINITY = -1L;

  /// A limit.
  public static Rlimit of(String type, long soft, long hard) {
    return new Rlimit(type, soft, hard, JsonObject.EMPTY);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static Rlimit of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static Rlimit read(ObjectReader in) {
    return new Rlimit(
        in.requiredString("type"),
        in.requiredUint64("soft"),
        in.requiredUint64("hard"),
        in.rest());
  }

  static List<Rlimit> readAll(List<ObjectReader> all) {
    List<Rlimit> parts = new ArrayList<>(all.size());
    for (ObjectReader in : all) {
      parts.add(read(in));
    }
    return parts;
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter().required("type", type).unsigned("soft", soft).unsigned("hard", hard).end(extra);
  }
}
