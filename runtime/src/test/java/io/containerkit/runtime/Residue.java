package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Finds what a test left behind: descriptors, threads and zombies of this JVM; processes, mounts and files that have the test's
/// directory in them, or in their environment; control groups of the tests' containers.
final class Residue implements AutoCloseable {

  private static final List<String> FOREIGN =
      List.of("ForkJoinPool", "VirtualThread", "process reaper", "junit-", "surefire", "Common-Cleaner", "containerkit-");

  private final Path directory;
  private final Set<String> descriptors;
  private final Set<String> threads;

  private Residue(Path directory) {
    this.directory = directory;
    this.descriptors = descriptors().keySet();
    this.threads = threads();
  }

  /// Remembers what is there now.
  ///
  /// @param directory the directory of the test, in which the runtime has its `root` and `work`
  static Residue watch(Path directory) {
    return new Residue(directory);
  }

  @Override
  public void close() {
    settles("files", this::files);
    settles("processes", this::processes);
    settles("zombies", Residue::zombies);
    settles("mounts", this::mounts);
    settles("control groups", Residue::cgroups);
    settles(
        "descriptors",
        () -> {
          Map<String, String> now = descriptors();
          now.keySet().removeAll(descriptors);
          return now.values();
        });
    settles(
        "threads",
        () -> {
          Set<String> now = threads();
          now.removeAll(threads);
          return now;
        });
  }

  /// What was closed or killed may be on its way still, so it is asked for until it is gone, for three seconds at most: a process 1
  /// may take its time to reap.
  private static void settles(String what, Supplier<? extends Iterable<String>> left) {
    long end = System.nanoTime() + 5_000_000_000L;
    while (left.get().iterator().hasNext() && System.nanoTime() < end) {
      LockSupport.parkNanos(2_000_000);
    }
    assertThat(left.get()).as("%s left behind", what).isEmpty();
  }

  private static Map<String, String> descriptors() {
    Map<String, String> descriptors = new TreeMap<>();
    for (String name : names(new File("/proc/self/fd"))) {
      try {
        String target = Files.readSymbolicLink(Path.of("/proc/self/fd", name)).toString();
        // The directory that is being listed, and what the JVM itself may open at any time.
        if (!target.startsWith("/proc/") && !target.endsWith(".jar") && !target.contains("surefire")) {
          descriptors.put(name + " " + target, target);
        }
      } catch (IOException _) {
        // closed since the listing
      }
    }
    return descriptors;
  }

  private static Set<String> threads() {
    Set<String> threads = new TreeSet<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (FOREIGN.stream().noneMatch(thread.getName()::startsWith)) {
        threads.add(thread.getName());
      }
    }
    return threads;
  }

  private static List<String> zombies() {
    List<String> zombies = new ArrayList<>();
    String self = Long.toString(ProcessHandle.current().pid());
    for (String pid : pids()) {
      String[] fields = tail(read("/proc/" + pid + "/stat"), ")").strip().split(" ", -1);
      if (fields.length > 1 && fields[0].equals("Z") && fields[1].equals(self)) {
        zombies.add(pid);
      }
    }
    return zombies;
  }

  private List<String> processes() {
    List<String> processes = new ArrayList<>();
    for (String pid : pids()) {
      String command = read("/proc/" + pid + "/cmdline").replace('\0', ' ');
      String cgroup = read("/proc/" + pid + "/cgroup");
      // What a runtime that only pretends has started has no control group, but the environment that the runtime was given.
      String environment = read("/proc/" + pid + "/environ");
      if ((command.contains(directory.toString()) || environment.contains(directory.toString()) || cgroup.contains(Bundles.CGROUP))
          && !pid.equals(Long.toString(ProcessHandle.current().pid()))) {
        processes.add(pid + " " + command);
      }
    }
    return processes;
  }

  private List<String> mounts() {
    return read("/proc/self/mountinfo").lines().filter(line -> line.contains(directory.toString())).toList();
  }

  private static List<String> cgroups() {
    List<String> left = new ArrayList<>();
    for (String hierarchy : names(new File("/sys/fs/cgroup"))) {
      File parent = new File("/sys/fs/cgroup/" + hierarchy + Bundles.CGROUP);
      for (File child : children(parent)) {
        if (child.isDirectory()) {
          left.add(child.toString());
        }
      }
      // The runtimes make the parent too, and nobody removes it.
      if (parent.exists() && left.isEmpty()) {
        assertThat(parent.delete()).as("%s can be removed", parent).isTrue();
      }
    }
    return left;
  }

  private List<String> files() {
    List<String> files = new ArrayList<>();
    for (String part : List.of("root", "work")) {
      try (Stream<Path> left = Files.list(directory.resolve(part))) {
        left.map(Path::toString).forEach(files::add);
      } catch (IOException _) {
        // no such directory: nothing in it
      }
    }
    return files;
  }

  private static List<String> pids() {
    return names(new File("/proc")).stream().filter(name -> Character.isDigit(name.charAt(0))).toList();
  }

  private static List<String> names(File directory) {
    String[] names = directory.list();
    return names == null ? List.of() : List.of(names);
  }

  private static List<File> children(File directory) {
    File[] files = directory.listFiles();
    return files == null ? List.of() : List.of(files);
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file), java.nio.charset.StandardCharsets.ISO_8859_1);
    } catch (IOException _) {
      return ""; // gone since the listing
    }
  }

  private static String tail(String text, String after) {
    return text.substring(text.lastIndexOf(after) + 1);
  }
}
