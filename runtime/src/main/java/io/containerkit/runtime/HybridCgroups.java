package io.containerkit.runtime;

import io.containerkit.linux.MountNamespace;
import io.containerkit.linux.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A host on which both cgroup versions are mounted, and the view of it that is needed by runtimes which refuse that: a mount
/// namespace in which the unified hierarchy is not mounted, so that the host looks like one of version 1.
final class HybridCgroups {

  private static @Nullable MountNamespace view;

  private HybridCgroups() {}

  /// Where the unified hierarchy is mounted for the calling thread; empty if the host is not a hybrid one.
  static List<Path> unifiedMounts() {
    Path mounts = Path.of("/proc/thread-self/mountinfo");
    try {
      return unifiedMounts(Files.readString(mounts));
    } catch (IOException e) {
      throw IoFailure.of(mounts, mounts + " cannot be read", e);
    }
  }

  /// Reads `/proc/PID/mountinfo`: the fifth field of a line is the mount point, and the type follows a lone `-`.
  static List<Path> unifiedMounts(String mountinfo) {
    List<Path> unified = new ArrayList<>();
    boolean v1 = false;
    for (String line : mountinfo.lines().toList()) {
      String type = line.substring(line.indexOf(" - ") + 3);
      if (type.startsWith("cgroup2 ")) {
        unified.add(Path.of(line.split(" ", -1)[4]));
      }
      v1 |= type.startsWith("cgroup ");
    }
    return v1 ? unified : List.of();
  }

  /// Makes the unified hierarchy invisible in a mount namespace. Nothing happens on a host that is not a hybrid one.
  static void hideUnified(MountNamespace namespace) {
    namespace.<@Nullable Void, RuntimeException>call(
        () -> {
          unifiedMounts().forEach(Mounts::unmountLazily);
          return null;
        });
  }

  /// The namespace for all commands that need no mounts of their own: made at its first use, it lasts as long as the JVM.
  ///
  /// @throws io.containerkit.spec.KernelException if this user may not make one
  static synchronized MountNamespace sharedView() {
    MountNamespace made = view;
    if (made == null) {
      made = MountNamespace.copyOfHost();
      hideUnified(made);
      view = made;
    }
    return made;
  }
}
