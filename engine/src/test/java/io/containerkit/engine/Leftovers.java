package io.containerkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.linux.Cgroup;
import io.containerkit.linux.Cgroups;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What a test could leave behind on this machine, taken before and compared after: mounts, cgroups, processes of containers, network
/// namespaces held by processes, descriptors of this JVM.
record Leftovers(Set<String> mounts, Set<String> cgroups, Set<String> processes, int descriptors) {

  static Leftovers now() {
    return new Leftovers(mountTable(), cgroupTree(), containerProcesses(), openDescriptors());
  }

  /// Fails if more is there now. What ends by itself gets a moment to do so.
  void assertNothingMore() {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (true) {
      Leftovers now = now();
      boolean clean =
          mounts.containsAll(now.mounts)
              && cgroups.containsAll(now.cgroups)
              && processes.containsAll(now.processes)
              && now.descriptors <= descriptors;
      if (clean) {
        return;
      }
      if (System.nanoTime() > deadline) {
        assertThat(more(now.mounts, mounts)).as("mounts left behind").isEmpty();
        assertThat(more(now.cgroups, cgroups)).as("cgroups left behind").isEmpty();
        assertThat(more(now.processes, processes)).as("processes left behind").isEmpty();
        assertThat(now.descriptors).as("open descriptors").isLessThanOrEqualTo(descriptors);
        return;
      }
      Thread.onSpinWait();
      java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
    }
  }

  private static Set<String> more(Set<String> now, Set<String> before) {
    Set<String> more = new TreeSet<>(now);
    more.removeAll(before);
    return more;
  }

  private static Set<String> mountTable() {
    return new TreeSet<>(lines(Path.of("/proc/self/mountinfo")));
  }

  private static Set<String> cgroupTree() {
    Set<String> names = new TreeSet<>();
    for (Cgroup group : Cgroups.host().find(directory -> directory.getFileName().toString().contains("containerkit"))) {
      names.add(group.toString());
    }
    return names;
  }

  private static Set<String> containerProcesses() {
    Set<String> found = new TreeSet<>();
    for (Path process : running()) {
      String cgroups = read(process.resolve("cgroup"));
      String command = read(process.resolve("cmdline")).replace('\0', ' ');
      // A runtime that only pretends to make containers passes on the environment that it was given.
      boolean pretended = read(process.resolve("environ")).contains("VICTIM=");
      if (pretended || cgroups.contains("/containerkit-") || command.contains("containerkit-lifeline") || command.startsWith("runsc-")) {
        found.add(process.getFileName() + " " + command);
      }
    }
    return found;
  }

  private static List<Path> running() {
    List<Path> processes = new ArrayList<>();
    try (var entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      entries.forEach(processes::add);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return processes;
  }

  private static int openDescriptors() {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return (int) descriptors.count();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<String> lines(Path file) {
    return read(file).lines().toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }
}
