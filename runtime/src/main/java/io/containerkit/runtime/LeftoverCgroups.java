package io.containerkit.runtime;

import io.containerkit.spec.Linux;
import io.containerkit.spec.Spec;
import io.containerkit.spec.SpecException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The control groups that a broken-off command has made for a container: those that are named after it, or as its configuration
/// says, with or without a process in them.
///
/// A group is removed only when it is empty, by `rmdir`, so that nothing of anybody else can be hit.
final class LeftoverCgroups {

  private static final Path MOUNTS = Path.of("/sys/fs/cgroup");
  private static final long FIRST_PAUSE = 1_000_000;
  private static final int ATTEMPTS = 10;

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

  private List<Path> find() throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(MOUNTS)) {
      Files.walkFileTree(
          MOUNTS,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) {
              // After what is in it, which has to go first. A group that goes away while it is looked at is none of ours to worry about.
              if (isOne(directory.toString())) {
                found.add(directory);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
              return FileVisitResult.CONTINUE;
            }
          });
    }
    return found;
  }

  /// Removes them. A group is busy for a moment after its last process has died.
  void remove() throws IOException {
    for (Path directory : find()) {
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
}
