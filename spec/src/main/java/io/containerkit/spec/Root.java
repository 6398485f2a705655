package io.containerkit.spec;

/// The root file system of a container.
///
/// @param path the directory, absolute or relative to the bundle
/// @param readonly whether it is mounted read-only
/// @param extra the members that the components do not say
public record Root(String path, boolean readonly, JsonObject extra) implements SpecPart {

  /// A root file system.
  public static Root of(String path, boolean readonly) {
    return new Root(path, readonly, JsonObject.EMPTY);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static Root of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static Root read(ObjectReader in) {
    return new Root(in.requiredString("path"), in.flag("readonly"), in.rest());
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter().required("path", path).flag("readonly", readonly).end(extra);
  }
}
