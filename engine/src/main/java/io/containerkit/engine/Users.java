package io.containerkit.engine;

import io.containerkit.linux.Fd;
import io.containerkit.linux.Openat2;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.KernelException;
import io.containerkit.spec.User;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Turns `user[:group]` into ids, by the `passwd` and `group` files of a container's own root.
///
/// @param read gives the lines of a file in the root, nothing where there is none
record Users(Function<String, List<String>> read) {

  /// Ids are signed 32-bit numbers for some runtimes, and −1 means "leave it" to the kernel.
  private static final long LARGEST_ID = Integer.MAX_VALUE;

  /// A file of this size names more users than any root has.
  private static final int LARGEST_FILE = 1 << 20;

  /// Reads the files of a root without ever leaving it, whatever links are in it.
  static Users of(Path root) {
    return new Users(file -> lines(root, file));
  }

  /// A pipe in the place of the file would be waited for, and a device could be anything: only a regular file is opened.
  private static List<String> lines(Path root, String file) {
    try (Fd directory = Fd.openPath(root);
        Fd place = Openat2.openPath(directory, Path.of(file))) {
      if (!Files.isRegularFile(place.path())) {
        throw refused(root, file, "is no regular file");
      }
      try (InputStream in = Files.newInputStream(place.path())) {
        byte[] content = in.readNBytes(LARGEST_FILE + 1);
        if (content.length > LARGEST_FILE) {
          throw refused(root, file, "has more than " + LARGEST_FILE + " bytes");
        }
        return new String(content, StandardCharsets.ISO_8859_1).lines().toList();
      }
    } catch (KernelException e) {
      if (e.kind() == ErrorKind.NOT_FOUND) {
        return List.of();
      }
      throw e;
    } catch (IOException e) {
      throw StateDirectory.failure(file, "cannot read " + file + " in the root " + root, e);
    }
  }

  private static EngineException refused(Path root, String file, String why) {
    return new EngineException(
        ErrorKind.INVALID_CONFIG, file, "users cannot be looked up: " + file + " in the root " + root + " " + why, null);
  }

  /// Resolves a user. One that `/etc/passwd` knows has its group and its supplementary groups from there, unless a group is given; a
  /// number that it does not know stands for itself, with group 0.
  ///
  /// The first of the supplementary groups is the user's group itself: a set-group-ID program takes that one away, and with it would go what
  /// a file denies to the group (CVE-2022-36109).
  ///
  /// @throws EngineException of kind `INVALID_ARGUMENT` if a name is not known, or is no id
  User resolve(String user) {
    int colon = user.indexOf(':');
    String name = colon < 0 ? user : user.substring(0, colon);
    List<String> account = entry("/etc/passwd", 7, name);
    long uid = account.isEmpty() ? id(name, "user", "/etc/passwd") : id(account.get(2), "user", "/etc/passwd");
    if (colon >= 0) {
      return user(uid, group(user.substring(colon + 1)), List.of());
    }
    if (account.isEmpty()) {
      return user(uid, 0, List.of());
    }
    long gid = id(account.get(3), "group", "/etc/passwd");
    return user(uid, gid, supplementary(account.getFirst(), gid));
  }

  /// Whether `/etc/passwd` knows a user that can be resolved.
  boolean hasAccount(String user) {
    int colon = user.indexOf(':');
    return !entry("/etc/passwd", 7, colon < 0 ? user : user.substring(0, colon)).isEmpty();
  }

  private static User user(long uid, long gid, List<Long> supplementary) {
    List<Long> groups = new ArrayList<>(supplementary);
    groups.addFirst(gid);
    return User.of(uid, gid).withAdditionalGids(groups);
  }

  private long group(String name) {
    List<String> group = entry("/etc/group", 4, name);
    return id(group.isEmpty() ? name : group.get(2), "group", "/etc/group");
  }

  private List<Long> supplementary(String account, long primary) {
    List<Long> ids = new ArrayList<>();
    for (String line : read.apply("/etc/group")) {
      String[] fields = line.split(":", -1);
      if (fields.length == 4 && List.of(fields[3].split(",")).contains(account)) {
        long gid = id(fields[2], "group", "/etc/group");
        if (gid != primary && !ids.contains(gid)) {
          ids.add(gid);
        }
      }
    }
    return ids;
  }

  /// The first entry with the name, else the first with the number: a user may be called by digits. The number is the third field.
  private List<String> entry(String file, int fields, String wanted) {
    List<String> numbered = List.of();
    for (String line : read.apply(file)) {
      List<String> entry = List.of(line.split(":", -1));
      if (entry.size() == fields && entry.getFirst().equals(wanted)) {
        return entry;
      }
      if (entry.size() == fields && numbered.isEmpty() && entry.get(2).equals(wanted)) {
        numbered = entry;
      }
    }
    return numbered;
  }

  private static long id(String text, String what, String file) {
    try {
      long id = Long.parseLong(text);
      if (id >= 0 && id <= LARGEST_ID && text.charAt(0) != '+') {
        return id;
      }
    } catch (NumberFormatException notANumber) {
      // Told below, with what was looked for.
    }
    throw new EngineException(
        ErrorKind.INVALID_ARGUMENT,
        text,
        "no " + what + " \"" + text + "\": neither in the root's " + file + " nor a number from 0 to " + LARGEST_ID,
        null);
  }
}
