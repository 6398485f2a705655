package io.containerkit.linux;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.KernelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The control groups of the host, of version 1, 2 or both at once (`cgroups(7)`): a path names one group in each mounted hierarchy.
public final class Cgroups {

  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final int ROUNDS = 100;

  private Cgroups() {}

  /// The directories of a group, one in each hierarchy that has it.
  ///
  /// @param path the group, absolute below the root of each hierarchy
  public static List<Path> directories(Path path) {
    Path relative = Path.of("/").relativize(path.normalize());
    List<Path> directories = new ArrayList<>();
    if (Files.exists(ROOT.resolve("cgroup.controllers"))) {
      addIfThere(directories, ROOT.resolve(relative));
      return directories;
    }
    try (Stream<Path> hierarchies = Files.list(ROOT)) {
      // cpu and cpuacct may be two names of one hierarchy: a link counts once.
      hierarchies
          .filter(hierarchy -> Files.isDirectory(hierarchy) && !Files.isSymbolicLink(hierarchy))
          .forEach(hierarchy -> addIfThere(directories, hierarchy.resolve(relative)));
    } catch (NoSuchFileException none) {
      return directories;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + ROOT, e);
    }
    return directories;
  }

  /// Whether any hierarchy has the group.
  public static boolean exists(Path path) {
    return !directories(path).isEmpty();
  }

  /// Kills every process of a group and of the groups below it, also those that are born meanwhile.
  ///
  /// @return false if some did not end, because the kernel does not let them go
  /// @throws IllegalArgumentException for the root, which holds every process of the host
  public static boolean kill(Path path) throws InterruptedException {
    if (path.normalize().equals(Path.of("/"))) {
      throw new IllegalArgumentException("the root group holds every process of the host");
    }
    for (int round = 0; round < ROUNDS; round++) {
      boolean empty = true;
      for (Path directory : directories(path)) {
        for (int pid : processes(directory)) {
          empty = false;
          kill(pid);
        }
      }
      if (empty) {
        return true;
      }
      Thread.sleep(Math.min(round, 50));
    }
    return false;
  }

  private static void kill(int pid) {
    try (PidFd process = PidFd.open(pid)) {
      process.signal(Signal.KILL);
    } catch (KernelException e) {
      if (e.kind() != ErrorKind.NO_SUCH_PROCESS) {
        throw e;
      }
    }
  }

  /// The living processes of a group and of those below it.
  private static List<Integer> processes(Path directory) {
    List<Integer> pids = new ArrayList<>();
    try (Stream<Path> groups = Files.walk(directory)) {
      for (Path group : groups.filter(Files::isDirectory).toList()) {
        Files.readString(group.resolve("cgroup.procs"), StandardCharsets.US_ASCII).lines().map(Integer::valueOf).forEach(pids::add);
      }
    } catch (NoSuchFileException gone) {
      return pids;
    } catch (IOException | UncheckedIOException e) {
      if (Files.exists(directory)) {
        throw new UncheckedIOException("cannot read " + directory, e instanceof IOException io ? io : ((UncheckedIOException) e).getCause());
      }
    }
    return pids;
  }

  private static void addIfThere(List<Path> directories, Path directory) {
    if (Files.isDirectory(directory)) {
      directories.add(directory);
    }
  }
}
