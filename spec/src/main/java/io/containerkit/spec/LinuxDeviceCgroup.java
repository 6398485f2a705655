package io.containerkit.spec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A rule about which devices may be used.
///
/// @param allow whether it allows or denies
/// @param type `c`, `b`, or `a` or empty for all
/// @param major the major number, or null for all
/// @param minor the minor number, or null for all
/// @param access what may be done: some of `r`, `w`, `m` (make a node)
/// @param extra the members that the components do not say
public record LinuxDeviceCgroup(
    boolean allow,
    String type,
    @Nullable Long major,
    @Nullable Long minor,
    String access,
    JsonObject extra)
    implements SpecPart {

  /// A rule about every device.
  public static LinuxDeviceCgroup all(boolean allow, String access) {
    return new LinuxDeviceCgroup(allow, "", null, null, access, JsonObject.EMPTY);
  }

  /// A rule; null numbers stand for all.
  public static LinuxDeviceCgroup of(
      boolean allow, String type, @Nullable Long major, @Nullable Long minor, String access) {
    return new LinuxDeviceCgroup(allow, type, major, minor, access, JsonObject.EMPTY);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static LinuxDeviceCgroup of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static LinuxDeviceCgroup read(ObjectReader in) {
    return new LinuxDeviceCgroup(
        in.requiredFlag("allow"),
        in.string("type"),
        in.int64("major"),
        in.int64("minor"),
        in.string("access"),
        in.rest());
  }

  static List<LinuxDeviceCgroup> readAll(List<ObjectReader> all) {
    List<LinuxDeviceCgroup> parts = new ArrayList<>(all.size());
    for (ObjectReader in : all) {
      parts.add(read(in));
    }
    return parts;
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .required("allow", allow)
        .string("type", type)
        .optional("major", major)
        .optional("minor", minor)
        .string("access", access)
        .end(extra);
  }
}
