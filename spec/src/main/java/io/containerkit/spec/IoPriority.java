package io.containerkit.spec;

/// The I/O priority of a process (ioprio_set(2)).
///
/// @param ioClass the class: `IOPRIO_CLASS_RT`, `IOPRIO_CLASS_BE` or `IOPRIO_CLASS_IDLE`
/// @param priority the priority within the class, 0 (highest) to 7
/// @param extra the members that the components do not say
public record IoPriority(String ioClass, int priority, JsonObject extra) implements SpecPart {

  /// A priority.
  public static IoPriority of(String ioClass, int priority) {
    return new IoPriority(ioClass, priority, JsonObject.EMPTY);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static IoPriority of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static IoPriority read(ObjectReader in) {
    return new IoPriority(in.requiredString("class"), in.requiredInt32("priority"), in.rest());
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter().required("class", ioClass).required("priority", priority).end(extra);
  }
}
