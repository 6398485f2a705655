package io.containerkit.runtime;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// The control groups that a broken-off command has made for a container: those of its processes that carry the container's id and
/// are not this JVM's own.
///
/// A group is removed only when it is empty, by `rmdir`, so that nothing of anybody else can be hit.
final class LeftoverCgroups {

  private static final long FIRST_PAUSE = 1_000_000;
  private static final int ATTEMPTS = 10;

  private final String id;
  private final Set<Path> directories = new LinkedHashSet<>();

  LeftoverCgroups(String id) {
    this.id = id;
  }

  /// Notes the groups that a process is in now.
  void addOf(int pid) {
    List<String> own = lines(Path.of("/proc/self/cgroup"));
    for (String line : lines(Path.of("/proc/" + pid + "/cgroup"))) {
      if (own.contains(line)) {
        continue;
      }
      // hierarchy:controllers:path
      int first = line.indexOf(':');
      int second = line.indexOf(':', first + 1);
      String group = line.substring(second + 1);
      if (isOf(group, id)) {
        mountPoints(line.substring(first + 1, second)).forEach(mount -> directories.add(Path.of(mount + group)));
      }
    }
  }

  /// Whether a process is in a control group of a container.
  static boolean isIn(int pid, String id) {
    return lines(Path.of("/proc/" + pid + "/cgroup")).stream().anyMatch(line -> isOf(line, id));
  }

  /// Whether a path names the group of a container: by its id, or by systemd's `PREFIX-ID.scope`.
  private static boolean isOf(String group, String id) {
    return group.endsWith("/" + id) || group.endsWith("-" + id + ".scope");
  }

  /// Where the hierarchy with these controllers is mounted; version 2 has none in its name.
  private static List<String> mountPoints(String controllers) {
    List<String> mounts = new ArrayList<>();
    for (String line : lines(Path.of("/proc/self/mountinfo"))) {
      List<String> sides = List.of(line.split(" - ", 2));
      List<String> mount = List.of(sides.getFirst().split(" ", -1));
      List<String> kind = List.of(sides.getLast().split(" ", -1));
      boolean matches =
          controllers.isEmpty()
              ? kind.getFirst().equals("cgroup2")
              : kind.getFirst().equals("cgroup") && List.of(kind.getLast().split(",", -1)).contains(controllers.split(",", 2)[0]);
      if (matches && mount.size() > 4) {
        mounts.add(mount.get(4));
      }
    }
    return mounts;
  }

  /// Removes them. A group is busy for a moment after its last process has died.
  void remove() throws IOException {
    for (Path directory : directories) {
      long pause = FIRST_PAUSE;
      for (int attempt = 1; !removed(directory, attempt == ATTEMPTS); attempt++) {
        LockSupport.parkNanos(pause);
        pause *= 2;
      }
    }
  }

  private static boolean removed(Path directory, boolean last) throws IOException {
    try {
      Files.deleteIfExists(directory);
      return true;
    } catch (DirectoryNotEmptyException _) {
      return true; // somebody has made a group of his own in it
    } catch (FileSystemException e) {
      if (last) {
        throw e;
      }
      return false; // EBUSY
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException _) {
      return List.of(); // the process has ended, and with it what it was in
    }
  }
}
