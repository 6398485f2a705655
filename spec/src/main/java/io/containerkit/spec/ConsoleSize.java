package io.containerkit.spec;

/// The size of a terminal, in characters.
///
/// @param height the rows (unsigned 64-bit)
/// @param width the columns (unsigned 64-bit)
/// @param extra the members that the components do not say
public record ConsoleSize(long height, long width, JsonObject extra) implements SpecPart {

  /// A size.
  public static ConsoleSize of(int height, int width) {
    return new ConsoleSize(height, width, JsonObject.EMPTY);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static ConsoleSize of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static ConsoleSize read(ObjectReader in) {
    return new ConsoleSize(in.requiredUint64("height"), in.requiredUint64("width"), in.rest());
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter().unsigned("height", height).unsigned("width", width).end(extra);
  }
}
