package io.containerkit.spec;

import java.util.List;

/// The personality of the kernel (personality(2)).
///
/// @param domain `LINUX` or `LINUX32`
/// @param flags flags; none is defined
/// @param extra the members that the components do not say
public record Personality(String domain, List<String> flags, JsonObject extra) implements SpecPart {

  /// Copies the collections.
  public Personality {
    flags = List.copyOf(flags);
  }

  /// A personality.
  public static Personality of(String domain) {
    return new Personality(domain, List.of(), JsonObject.EMPTY);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static Personality of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static Personality read(ObjectReader in) {
    return new Personality(in.requiredString("domain"), in.strings("flags"), in.rest());
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter().required("domain", domain).strings("flags", flags).end(extra);
  }
}
