package io.containerkit.spec;

import java.util.List;

/// The NUMA memory policy (set_mempolicy(2)).
///
/// @param mode the mode, such as `MPOL_INTERLEAVE`
/// @param nodes the nodes, such as `0-1`
/// @param flags flags such as `MPOL_F_STATIC_NODES`
/// @param extra the members that the components do not say
public record MemoryPolicy(
    String mode,
    String nodes,
    List<String> flags,
    JsonObject extra)
    implements SpecPart {

  /// Copies the collections.
  public MemoryPolicy {
    flags = List.copyOf(flags);
  }

  /// A policy without flags.
  public static MemoryPolicy of(String mode, String nodes) {
    return new MemoryPolicy(mode, nodes, List.of(), JsonObject.EMPTY);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static MemoryPolicy of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static MemoryPolicy read(ObjectReader in) {
    return new MemoryPolicy(in.requiredString("mode"), in.string("nodes"), in.strings("flags"), in.rest());
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter().required("mode", mode).string("nodes", nodes).strings("flags", flags).end(extra);
  }
}
