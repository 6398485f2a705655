package io.containerkit.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds the control groups of a container by a process in it: whoever made them, and wherever.
final class ProcessCgroups {

  private ProcessCgroups() {}

  /// The groups of a process that are not those of this JVM: where a container has none of its own, it is in its maker's, and their
  /// numbers are not the container's.
  ///
  /// @return no groups if there is no such process (any more)
  static Controllers of(int pid) {
    try {
      Path process = Path.of("/proc", Integer.toString(pid), "cgroup");
      return of(
          Files.readString(process),
          Files.readString(Path.of("/proc/self/cgroup")),
          Files.readString(Path.of("/proc/self/mountinfo")));
    } catch (NoSuchFileException _) {
      return Controllers.of(Map.of(), null);
    } catch (IOException e) {
      // ESRCH, of a process that ended between the open and the read, has no exception of its own.
      if (!Files.exists(Path.of("/proc", Integer.toString(pid)))) {
        return Controllers.of(Map.of(), null);
      }
      throw new UncheckedIOException(e);
    }
  }

  /// @param cgroup `/proc/PID/cgroup` of the container's process: lines `hierarchy:controllers:path`, the unified one without
  ///     controllers
  /// @param own the same of this process
  /// @param mountinfo where the hierarchies are mounted
  static Controllers of(String cgroup, String own, String mountinfo) {
    List<String> ours = own.lines().toList();
    Map<String, Path> v1 = new LinkedHashMap<>();
    Path unified = null;
    for (String line : cgroup.lines().toList()) {
      String[] fields = line.split(":", 3);
      if (fields.length < 3 || ours.contains(line) || fields[2].equals("/")) {
        continue;
      }
      if (fields[1].isEmpty()) {
        unified = directory(mountinfo, "cgroup2", "", fields[2]);
        continue;
      }
      for (String controller : fields[1].split(",", -1)) {
        Path directory = directory(mountinfo, "cgroup", controller, fields[2]);
        if (directory != null) {
          v1.put(controller, directory);
        }
      }
    }
    return Controllers.of(v1, unified);
  }

  /// Where a group is, or null if its hierarchy is not mounted, or no part of it that has the group.
  private static @Nullable Path directory(String mountinfo, String type, String controller, String group) {
    for (String line : mountinfo.lines().toList()) {
      // id parent device ROOT POINT options … - TYPE source OPTIONS
      String[] sides = line.split(" - ", 2);
      String[] mount = sides[0].split(" ", -1);
      String[] kind = sides[sides.length - 1].split(" ", -1);
      boolean matches =
          mount.length > 4
              && kind[0].equals(type)
              && (controller.isEmpty() || List.of(kind[kind.length - 1].split(",", -1)).contains(controller));
      if (matches) {
        Path root = Path.of(mount[3]);
        Path path = Path.of(group);
        if (path.startsWith(root)) {
          return Path.of(mount[4]).resolve(root.relativize(path));
        }
      }
    }
    return null;
  }
}
