package io.containerkit.spec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A device node made in a container (mknod(2)).
///
/// @param path where: an absolute path in the container
/// @param type `c` or `u` for a character device, `b` for a block device, `p` for a pipe
/// @param major the major number; null for a pipe
/// @param minor the minor number; null for a pipe
/// @param fileMode the permission bits, or null for the runtime's default
/// @param uid the owner, or null for the runtime's default
/// @param gid the group, or null for the runtime's default
/// @param extra the members that the components do not say
public record LinuxDevice(
    String path,
    String type,
    @Nullable Long major,
    @Nullable Long minor,
    @Nullable Long fileMode,
    @Nullable Long uid,
    @Nullable Long gid,
    JsonObject extra)
    implements SpecPart {

  /// Refuses numbers out of range.
  public LinuxDevice {
    Components.uint32("fileMode", fileMode);
    Components.uint32("uid", uid);
    Components.uint32("gid", gid);
  }

  /// A node of a device.
  ///
  /// @param type `c` or `b`
  public static LinuxDevice of(String path, String type, long major, long minor) {
    return new LinuxDevice(path, type, major, minor, null, null, null, JsonObject.EMPTY);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static LinuxDevice of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static LinuxDevice read(ObjectReader in) {
    return new LinuxDevice(
        in.requiredString("path"),
        in.requiredString("type"),
        in.int64("major"),
        in.int64("minor"),
        in.uint32("fileMode"),
        in.uint32("uid"),
        in.uint32("gid"),
        in.rest());
  }

  static List<LinuxDevice> readAll(List<ObjectReader> all) {
    List<LinuxDevice> parts = new ArrayList<>(all.size());
    for (ObjectReader in : all) {
      parts.add(read(in));
    }
    return parts;
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .required("path", path)
        .required("type", type)
        .optional("major", major)
        .optional("minor", minor)
        .optional("fileMode", fileMode)
        .optional("uid", uid)
        .optional("gid", gid)
        .end(extra);
  }

  /// A builder with what must be there.
  public static Builder builder(String path, String type) {
    return new Builder(path, type);
  }

  /// A builder that starts from this part.
  public Builder toBuilder() {
    return new Builder(this);
  }

  /// Builds a [LinuxDevice]; each method replaces what was there. Not thread-safe.
  public static final class Builder {

    private String path;
    private String type;
    private @Nullable Long major;
    private @Nullable Long minor;
    private @Nullable Long fileMode;
    private @Nullable Long uid;
    private @Nullable Long gid;
    private JsonObject extra = JsonObject.EMPTY;

    private Builder(String path, String type) {
      this.path = path;
      this.type = type;
    }

    private Builder(LinuxDevice from) {
      path = from.path;
      type = from.type;
      major = from.major;
      minor = from.minor;
      fileMode = from.fileMode;
      uid = from.uid;
      gid = from.gid;
      extra = from.extra;
    }

    /// Sets where: an absolute path in the container.
    public Builder path(String value) {
      path = value;
      return this;
    }

    /// Sets `c` or `u` for a character device, `b` for a block device, `p` for a pipe.
    public Builder type(String value) {
      type = value;
      return this;
    }

    /// Sets the major number; null for a pipe.
    public Builder major(@Nullable Long value) {
      major = value;
      return this;
    }

    /// Sets the minor number; null for a pipe.
    public Builder minor(@Nullable Long value) {
      minor = value;
      return this;
    }

    /// Sets the permission bits, or null for the runtime's default.
    public Builder fileMode(@Nullable Long value) {
      fileMode = value;
      return this;
    }

    /// Sets the owner, or null for the runtime's default.
    public Builder uid(@Nullable Long value) {
      uid = value;
      return this;
    }

    /// Sets the group, or null for the runtime's default.
    public Builder gid(@Nullable Long value) {
      gid = value;
      return this;
    }

    /// Sets the members that the components do not say.
    public Builder extra(JsonObject value) {
      extra = value;
      return this;
    }

    /// The part.
    public LinuxDevice build() {
      return new LinuxDevice(path, type, major, minor, fileMode, uid, gid, extra);
    }
  }
}
