package io.containerkit.runtime;

import io.containerkit.linux.Cgroup;
import io.containerkit.linux.Cgroups;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.KernelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The control groups that a broken-off command has made for a container, with or without a process in them: those at the very paths at
/// which its runtime makes them. One of the same name elsewhere is somebody else's.
///
/// A group is removed only when it is empty, by `rmdir`.
final class LeftoverCgroups {

  /// A group is busy for a moment after its last process has died.
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Cgroups host = Cgroups.host();
  private final List<Cgroup> groups = new ArrayList<>();

  LeftoverCgroups(List<CgroupPlace> places) {
    for (CgroupPlace place : places) {
      groups.addAll(place.groups(host));
    }
  }

  /// Whether a process is in one of them, or below.
  boolean hold(int pid) {
    try {
      for (Path directory : host.ofProcess(pid).directories()) {
        for (Cgroup group : groups) {
          if (group.directories().stream().anyMatch(directory::startsWith)) {
            return true;
          }
        }
      }
      return false;
    } catch (KernelException e) {
      if (e.kind() == ErrorKind.NOT_FOUND || e.kind() == ErrorKind.NO_SUCH_PROCESS) {
        return false; // the process has ended
      }
      throw e;
    }
  }

  /// Removes them.
  ///
  /// @throws KernelException of kind `BUSY` if one still has processes
  void remove() {
    for (Cgroup group : groups) {
      Uninterrupted.call(
          () -> {
            group.remove(PATIENCE);
            return group;
          });
    }
  }
}
