package io.containerkit.runtime;

import io.containerkit.linux.Cgroup;
import io.containerkit.linux.Cgroups;
import io.containerkit.spec.KernelException;
import io.containerkit.spec.Linux;
import io.containerkit.spec.Spec;
import io.containerkit.spec.SpecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The control groups that a broken-off command has made for a container: those that are named after it, or as its configuration
/// says, with or without a process in them.
///
/// A group is removed only when it is empty, by `rmdir`, so that nothing of anybody else can be hit.
final class LeftoverCgroups {

  /// A group is busy for a moment after its last process has died.
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /// How the paths of the groups end.
  private final List<String> endings = new ArrayList<>();

  /// @param bundle tells the path of the groups, or null if that is not at hand
  LeftoverCgroups(String id, @Nullable Path bundle) {
    endings.add("/" + id);
    endings.add("-" + id + ".scope"); // systemd's, of PREFIX-ID
    String configured = bundle == null ? "" : configured(bundle);
    if (!configured.isEmpty()) {
      List<String> parts = List.of(configured.split(":", -1));
      boolean systemd = parts.size() == 3; // SLICE:PREFIX:NAME
      String path = Path.of("/" + configured).normalize().toString();
      endings.add(systemd ? "/" + parts.get(1) + "-" + parts.get(2) + ".scope" : path);
    }
  }

  private static String configured(Path bundle) {
    try {
      Linux linux = Spec.read(bundle.resolve("config.json")).linux();
      return linux == null ? "" : linux.cgroupsPath();
    } catch (SpecException _) {
      return ""; // the runtime could not read it either, and says so
    }
  }

  /// Whether a process is in one of them.
  boolean hold(int pid) {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/cgroup")).stream().anyMatch(this::isOne);
    } catch (IOException _) {
      return false; // the process has ended
    }
  }

  private boolean isOne(String path) {
    return endings.stream().anyMatch(path::endsWith);
  }

  /// Removes them.
  ///
  /// @throws KernelException of kind `BUSY` if one still has processes
  void remove() {
    for (Cgroup group : Cgroups.host().find(directory -> isOne(directory.toString()))) {
      Uninterrupted.call(
          () -> {
            group.remove(PATIENCE);
            return group;
          });
    }
  }
}
