package io.containerkit.runtime;

import io.containerkit.linux.Cgroup;
import io.containerkit.linux.Cgroups;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.KernelException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where the control groups of one container are: each controller in its own v1 hierarchy if it is mounted there, in the unified
/// one otherwise. So a host of either version, and the hybrid of both, need no case of their own.
///
/// @param v1 by controller; those that the host has not mounted, or the container has no group in, are missing
/// @param unified the group in the unified hierarchy, or null
record Controllers(Map<String, CgroupFiles> v1, @Nullable CgroupFiles unified) {

  Controllers {
    v1 = Map.copyOf(v1);
  }

  /// Finds the groups of a process that are not those of this JVM: where a container has none of its own, it is in its maker's, and
  /// their numbers are not the container's.
  ///
  /// @return no groups if there is no such process (any more)
  static Controllers of(int pid) {
    Cgroups host = Cgroups.host();
    try {
      Cgroup own = host.ofProcess(pid).without(host.ofProcess((int) ProcessHandle.current().pid()));
      return of(own.v1(), own.unified());
    } catch (KernelException e) {
      if (e.kind() == ErrorKind.NOT_FOUND || e.kind() == ErrorKind.NO_SUCH_PROCESS) {
        return of(Map.of(), null);
      }
      throw e;
    }
  }

  /// Takes what exists of these directories.
  static Controllers of(Map<String, Path> v1, @Nullable Path unified) {
    Map<String, CgroupFiles> present = new LinkedHashMap<>();
    v1.forEach(
        (controller, directory) -> {
          CgroupFiles files = new CgroupFiles(directory);
          if (files.exists()) {
            present.put(controller, files);
          }
        });
    CgroupFiles files = unified == null ? null : new CgroupFiles(unified);
    return new Controllers(present, files != null && files.exists() ? files : null);
  }

  /// The group of a controller in its v1 hierarchy, or null.
  @Nullable CgroupFiles v1(String controller) {
    return v1.get(controller);
  }

  /// The group of a controller whose files are the same in both versions, or null.
  @Nullable CgroupFiles either(String controller) {
    return v1.getOrDefault(controller, unified);
  }

  /// A directory that was there and is no more, or null: all are there until the container is deleted.
  @Nullable Path missing() {
    for (CgroupFiles files : v1.values()) {
      if (!files.exists()) {
        return files.directory();
      }
    }
    return unified == null || unified.exists() ? null : unified.directory();
  }

  /// Whether the container has no control group at all.
  boolean none() {
    return v1.isEmpty() && unified == null;
  }
}
