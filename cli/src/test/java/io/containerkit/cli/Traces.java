package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// What containers can leave behind on this machine: processes, control groups, mounts, files.
///
/// @param state the state directory that they were kept in
/// @param id their id, or what their ids start with, and no others' on this machine
record Traces(Path state, String id) {

  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
  private static final long PATIENCE = 15_000_000_000L;
  private static final long PAUSE = 20_000_000;

  /// Fails if there is a trace. What is ending gets the time to: the cgroup of a process lives until process 1 has reaped it.
  void assertNone() {
    long deadline = System.nanoTime() + PATIENCE;
    List<String> left = all();
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(PAUSE);
      left = all();
    }
    assertThat(left).as("what is left behind").isEmpty();
  }

  private List<String> all() {
    List<String> all = new ArrayList<>();
    all.addAll(processes());
    all.addAll(cgroups());
    read(Path.of("/proc/self/mountinfo")).lines().filter(line -> line.contains(state.toString())).forEach(all::add);
    all.addAll(files());
    return all;
  }

  private List<String> processes() {
    List<String> found = new ArrayList<>();
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        String command = read(process.resolve("cmdline")).replace('\0', ' ');
        boolean own = process.getFileName().toString().equals(Long.toString(ProcessHandle.current().pid()));
        if (!own && (command.contains(state.toString()) || read(process.resolve("cgroup")).contains("/containerkit-" + id))) {
          found.add(process + " " + command);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /// The cgroups of containers stand right below a hierarchy's root, or in v2 that of the one hierarchy.
  List<String> cgroups() {
    try (Stream<Path> tree = Files.find(CGROUPS, 2, (path, _) -> path.getFileName().toString().startsWith("containerkit-" + id))) {
      return tree.map(Path::toString).toList();
    } catch (IOException | UncheckedIOException changing) {
      return List.of("control groups that change while they are listed: " + changing.getMessage());
    }
  }

  /// All that is no directory and not what is remembered of a runtime; and the directories of containers.
  private List<String> files() {
    if (!Files.exists(state)) {
      return List.of();
    }
    Path containers = state.resolve("containers");
    try (Stream<Path> tree = Files.walk(state)) {
      return tree.filter(path -> containers.equals(path.getParent()) || !Files.isDirectory(path))
          .filter(path -> !path.startsWith(state.resolve("probe")))
          .map(Path::toString)
          .toList();
    } catch (IOException | UncheckedIOException changing) {
      return List.of("files that change while they are listed: " + changing.getMessage());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }
}
