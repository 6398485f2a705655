package io.containerkit.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who runs a process. Ids are those inside the container.
///
/// @param uid the user id (unsigned 32-bit)
/// @param gid the group id (unsigned 32-bit)
/// @param umask the file mode creation mask, or null for the runtime's default
/// @param additionalGids the supplementary groups
/// @param username the user name (Windows)
/// @param extra the members that the components do not say
public record User(
    long uid,
    long gid,
    @Nullable Long umask,
    List<Long> additionalGids,
    String username,
    JsonObject extra)
    implements SpecPart {

  /// Copies the collections and refuses numbers out of range.
  public User {
    Components.uint32("uid", uid);
    Components.uint32("gid", gid);
    Components.uint32("umask", umask);
    additionalGids = List.copyOf(additionalGids);
  }

  /// `uid` and `gid` 0, both written out.
  public static final User ROOT = of(0, 0);

  /// A user without supplementary groups. Both ids are written, a 0 as well: some runtimes insist on them.
  public static User of(long uid, long gid) {
    JsonObject zeros = JsonObject.EMPTY;
    if (uid == 0) {
      zeros = zeros.with("uid", 0);
    }
    if (gid == 0) {
      zeros = zeros.with("gid", 0);
    }
    return new User(uid, gid, null, List.of(), "", zeros);
  }

  /// This user with another umask; null for the runtime's default.
  public User withUmask(@Nullable Long umask) {
    return new User(uid, gid, umask, additionalGids, username, extra);
  }

  /// This user with other supplementary groups.
  public User withAdditionalGids(List<Long> additionalGids) {
    return new User(uid, gid, umask, additionalGids, username, extra);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static User of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static User read(ObjectReader in) {
    return new User(
        in.uint32OrZero("uid"),
        in.uint32OrZero("gid"),
        in.uint32("umask"),
        in.uint32s("additionalGids"),
        in.string("username"),
        in.rest());
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .nonZero("uid", uid)
        .nonZero("gid", gid)
        .optional("umask", umask)
        .numbers("additionalGids", additionalGids)
        .string("username", username)
        .end(extra);
  }
}
