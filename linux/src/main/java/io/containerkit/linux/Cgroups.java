package io.containerkit.linux;

import io.containerkit.spec.KernelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The control group hierarchies that this host has mounted (`cgroups(7)`), as its mount table shows them: nothing is taken for
/// granted about `/sys/fs/cgroup`.
public final class Cgroups {

  /// Which hierarchies there are.
  public enum Mode {
    /// None is mounted.
    NONE,
    /// One per controller.
    V1,
    /// One per controller, and the unified one beside them.
    HYBRID,
    /// The unified one only.
    V2
  }

  /// One hierarchy.
  ///
  /// @param mountPoint where it is mounted
  /// @param root the group that is seen at the mount point; not `/` where a container sees a part of its host's
  /// @param controllers such as `memory`, or `name=systemd`; empty for the unified hierarchy
  record Hierarchy(Path mountPoint, Path root, List<String> controllers) {
    boolean isUnified() {
      return controllers.isEmpty();
    }

    /// The directory of a group.
    ///
    /// @return null for the hierarchy's own root, which is nobody's group, and for a group outside of what is mounted
    @Nullable Path directory(Path group) {
      if (group.getNameCount() == 0 || !group.startsWith(root)) {
        return null;
      }
      Path below = root.relativize(group);
      return below.toString().isEmpty() ? mountPoint : mountPoint.resolve(below);
    }
  }

  private final List<Hierarchy> hierarchies;

  private Cgroups(List<Hierarchy> hierarchies) {
    this.hierarchies = List.copyOf(hierarchies);
  }

  /// Looks at the mount table of this process.
  public static Cgroups host() {
    return parse(KernelFile.read(Path.of("/proc/self/mountinfo")));
  }

  /// Finds the hierarchies in a mount table (`proc_pid_mountinfo(5)`). Of one that is mounted twice the first counts.
  static Cgroups parse(String mountinfo) {
    Map<List<String>, Hierarchy> found = new LinkedHashMap<>();
    for (String line : mountinfo.split("\n", -1)) {
      int separator = line.indexOf(" - cgroup");
      if (separator < 0) {
        continue;
      }
      String[] mount = line.substring(0, separator).split(" ", -1);
      String[] fileSystem = line.substring(separator + 3).split(" ", -1);
      List<String> controllers = fileSystem[0].equals("cgroup") ? controllers(fileSystem[2]) : List.of();
      found.putIfAbsent(controllers, new Hierarchy(Path.of(unescape(mount[4])), Path.of(unescape(mount[3])), controllers));
    }
    return new Cgroups(List.copyOf(found.values()));
  }

  /// The controllers among the options of a mounted hierarchy.
  private static List<String> controllers(String options) {
    List<String> controllers = new ArrayList<>();
    for (String option : options.split(",", -1)) {
      boolean controller =
          switch (option) {
            case "rw", "ro", "none", "xattr", "noprefix", "clone_children", "cpuset_v2_mode", "favordynmods" -> false;
            default -> !option.startsWith("release_agent=");
          };
      if (controller) {
        controllers.add(option);
      }
    }
    return controllers;
  }

  /// Undoes the octal escapes of blanks and backslashes.
  private static String unescape(String path) {
    return path.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\");
  }

  /// Which hierarchies there are.
  public Mode mode() {
    boolean unified = hierarchies.stream().anyMatch(Hierarchy::isUnified);
    boolean v1 = hierarchies.stream().anyMatch(hierarchy -> !hierarchy.isUnified());
    if (v1) {
      return unified ? Mode.HYBRID : Mode.V1;
    }
    return unified ? Mode.V2 : Mode.NONE;
  }

  /// The group at one path of every hierarchy, whether it exists or not.
  ///
  /// @param path absolute, as a `cgroupsPath` without systemd
  public Cgroup at(Path path) {
    Path group = path.normalize();
    if (!group.isAbsolute() || group.getNameCount() == 0) {
      throw new IllegalArgumentException("a control group's path is absolute and not the root: " + path);
    }
    Map<String, Path> v1 = new LinkedHashMap<>();
    Path unified = null;
    for (Hierarchy hierarchy : hierarchies) {
      Path directory = hierarchy.directory(group);
      if (directory != null && hierarchy.isUnified()) {
        unified = directory;
      } else if (directory != null) {
        hierarchy.controllers().forEach(controller -> v1.put(controller, directory));
      }
    }
    return new Cgroup(v1, unified);
  }

  /// Finds groups by their directories, in every hierarchy; each before those that are in it.
  public List<Cgroup> find(Predicate<Path> wanted) {
    List<Cgroup> found = new ArrayList<>();
    for (Hierarchy hierarchy : hierarchies) {
      for (Path directory : Cgroup.subtree(hierarchy.mountPoint())) {
        if (wanted.test(directory)) {
          found.add(
              hierarchy.isUnified()
                  ? new Cgroup(Map.of(), directory)
                  : new Cgroup(Map.of(hierarchy.controllers().getFirst(), directory), null));
        }
      }
    }
    return found;
  }

  /// The groups that a process is in, apart from roots. It may share them with others: this process, too.
  ///
  /// @throws KernelException of kind `NOT_FOUND` or `NO_SUCH_PROCESS` if there is no such process
  public Cgroup ofProcess(int pid) {
    return of(KernelFile.read(Path.of("/proc/" + pid + "/cgroup")));
  }

  /// The group at a place that counts from the ones that a process is in, in every hierarchy, whether it exists or not.
  ///
  /// @param place makes the group's path of that of the process' own, which is `/` in a hierarchy that it is at the root of
  /// @throws KernelException of kind `NOT_FOUND` or `NO_SUCH_PROCESS` if there is no such process
  public Cgroup near(int pid, UnaryOperator<Path> place) {
    return of(KernelFile.read(Path.of("/proc/" + pid + "/cgroup")), place);
  }

  /// Resolves lines `number:controllers:path` (`proc_pid_cgroup(5)`); those of the unified hierarchy start with `0::`.
  Cgroup of(String membership) {
    return of(membership, UnaryOperator.identity());
  }

  private Cgroup of(String membership, UnaryOperator<Path> place) {
    Map<String, Path> v1 = new LinkedHashMap<>();
    Path unified = null;
    for (String line : membership.split("\n", -1)) {
      String[] parts = line.split(":", 3);
      if (parts.length < 3) {
        continue; // behind the last line
      }
      List<String> controllers = parts[1].isEmpty() ? List.of() : List.of(parts[1].split(",", -1));
      Path directory = directory(controllers, place.apply(Path.of(parts[2])).normalize());
      if (directory != null && controllers.isEmpty()) {
        unified = directory;
      } else if (directory != null) {
        controllers.forEach(controller -> v1.put(controller, directory));
      }
    }
    return new Cgroup(v1, unified);
  }

  private @Nullable Path directory(List<String> controllers, Path group) {
    for (Hierarchy hierarchy : hierarchies) {
      // The mount table and the process' file may name the controllers in another order.
      if (hierarchy.controllers().size() == controllers.size() && hierarchy.controllers().containsAll(controllers)) {
        return hierarchy.directory(group);
      }
    }
    return null;
  }
}
