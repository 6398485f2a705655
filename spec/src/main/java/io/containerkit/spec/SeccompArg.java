package io.containerkit.spec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A condition on an argument of a system call.
///
/// @param index which argument, 0 to 5
/// @param value what it is compared with, or the mask of `SCMP_CMP_MASKED_EQ` (unsigned 64-bit)
/// @param valueTwo what the masked argument is compared with (unsigned 64-bit), or null for 0
/// @param op the comparison, such as `SCMP_CMP_EQ`
/// @param extra the members that the components do not say
public record SeccompArg(
    long index,
    long value,
    @Nullable Long valueTwo,
    String op,
    JsonObject extra)
    implements SpecPart {

  /// Refuses numbers out of range.
  public SeccompArg {
    Components.uint32("index", index);
  }

  /// A comparison with one value.
  public static SeccompArg of(long index, String op, long value) {
    return new SeccompArg(index, value, null, op, JsonObject.EMPTY);
  }

  /// A comparison of the bits of a mask.
  public static SeccompArg masked(long index, long mask, long value) {
    return new SeccompArg(index, mask, value, "SCMP_CMP_MASKED_EQ", JsonObject.EMPTY);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static SeccompArg of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static SeccompArg read(ObjectReader in) {
    return new SeccompArg(
        in.requiredUint32("index"),
        in.requiredUint64("value"),
        in.uint64("valueTwo"),
        in.requiredString("op"),
        in.rest());
  }

  static List<SeccompArg> readAll(List<ObjectReader> all) {
    List<SeccompArg> parts = new ArrayList<>(all.size());
    for (ObjectReader in : all) {
      parts.add(read(in));
    }
    return parts;
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .required("index", index)
        .unsigned("value", value)
        .unsigned("valueTwo", valueTwo)
        .required("op", op)
        .end(extra);
  }
}
