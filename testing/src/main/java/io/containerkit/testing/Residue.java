package io.containerkit.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.linux.Child;
import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.MountNamespace;
import io.containerkit.linux.ProcessStat;
import io.containerkit.linux.Spawn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Stream;

/// Finds what a test left behind: descriptors, threads and zombies of this JVM; processes, mounts in whichever namespace, and control
/// groups of containers; files in the places where none stays.
public final class Residue implements AutoCloseable {

  /// Threads of the JDK and of the test framework that stay for a while. None of ours: those that stay are there before the test.
  private static final List<String> FOREIGN =
      List.of(
          "ForkJoinPool", "VirtualThread", "process reaper", "junit-", "surefire", "Common-Cleaner", "CompletableFutureDelayScheduler");

  /// A control group for tests to put containers below. Runtimes make it and nobody removes it, so it is removed here once it is empty.
  public static final String GROUP = "containerkit-tests-" + ProcessHandle.current().pid();

  /// What the names of the control groups of all containers start with.
  private static final String CONTAINERS = "containerkit";

  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  /// Hierarchies of version 1 are one level down, and groups within the tests' own another one.
  private static final int CGROUP_DEPTH = 4;

  /// A process 1 may take seconds to reap, and a lifeline as long to clean up.
  private static final long PATIENCE = 15_000_000_000L;

  private static final long PAUSE = 2_000_000;

  private final Set<Path> directories;
  private final Set<String> pids;
  private final Found before;

  private Residue(Set<Path> directories) {
    this.directories = Set.copyOf(directories);
    this.pids = Set.copyOf(pids());
    this.before = look();
  }

  /// Starts what starts once and stays: the loop, the thread that mounts, and the socket that the JDK puts in the place of those that are
  /// being closed.
  public static void warmUp() throws InterruptedException, IOException {
    SocketChannel.open().close();
    Child child = Spawn.of("/bin/true").start();
    assertThat(child.waitFor()).isEqualTo(new ExitStatus.Exited(0));
    child.onExit().join();
    MountNamespace.copyOfHost().close();
  }

  /// Remembers what is there now.
  ///
  /// @param directories those of the test: what names them is the test's
  public static Residue watch(Set<Path> directories) {
    return new Residue(directories);
  }

  /// Fails if more is there now. What was closed or killed may be on its way still, so it is asked for until it is gone.
  @Override
  public void close() {
    long end = System.nanoTime() + PATIENCE;
    Found left = left();
    while (!left.isNothing() && System.nanoTime() < end) {
      LockSupport.parkNanos(PAUSE);
      left = left();
    }
    assertThat(left).as("what is left behind").matches(Found::isNothing, "nothing");
  }

  /// What is there now and was not before.
  Found left() {
    return look().without(before);
  }

  record Found(
      Set<String> descriptors, Set<String> threads, Set<String> processes, Set<String> mounts, Set<String> cgroups, Set<String> files) {

    Found without(Found before) {
      return new Found(
          minus(descriptors, before.descriptors),
          minus(threads, before.threads),
          minus(processes, before.processes),
          minus(mounts, before.mounts),
          minus(cgroups, before.cgroups),
          minus(files, before.files));
    }

    private static Set<String> minus(Set<String> now, Set<String> before) {
      Set<String> more = new TreeSet<>(now);
      more.removeAll(before);
      return more;
    }

    boolean isNothing() {
      return Stream.of(descriptors, threads, processes, mounts, cgroups, files).allMatch(Collection::isEmpty);
    }
  }

  private Found look() {
    Set<String> processes = new TreeSet<>();
    Set<String> mounts = new TreeSet<>();
    for (String pid : pids()) {
      if (!pids.contains(pid)) {
        addProcess(Path.of("/proc", pid), processes);
        addMounts(Path.of("/proc", pid), mounts);
      }
    }
    // The thread that mounts is in namespaces of its own.
    names(Path.of("/proc/self/task"), Function.identity()).forEach(task -> addMounts(Path.of("/proc/self/task", task), mounts));
    return new Found(descriptors(), threads(), processes, mounts, cgroups(), files());
  }

  private void addProcess(Path process, Set<String> found) {
    String command = read(process.resolve("cmdline")).replace('\0', ' ');
    // A runtime that only pretends to make containers passes on the environment that it was given.
    boolean ours = isOurs(command) || isOurs(read(process.resolve("environ"))) || read(process.resolve("cgroup")).contains("/" + CONTAINERS);
    boolean zombie =
        ProcessStat.of(Integer.parseInt(process.getFileName().toString()))
            .filter(stat -> stat.state() == 'Z' && stat.parent() == ProcessHandle.current().pid())
            .isPresent();
    if (ours || zombie) {
      found.add(process + " " + (zombie ? "(a zombie)" : command));
    }
  }

  private void addMounts(Path process, Set<String> found) {
    for (String line : read(process.resolve("mountinfo")).lines().toList()) {
      if (isOurs(line)) {
        found.add(process + "/mountinfo " + line);
      }
    }
  }

  private boolean isOurs(String text) {
    return directories.stream().anyMatch(directory -> text.contains(directory.toString()));
  }

  private static Set<String> descriptors() {
    String own = "/proc/" + ProcessHandle.current().pid() + "/fd";
    Path descriptors = Path.of("/proc/self/fd");
    return names(
        descriptors,
        name -> {
          String target;
          try {
            target = Files.readSymbolicLink(descriptors.resolve(name)).toString();
          } catch (IOException closed) {
            return "";
          }
          // The directory that is being listed, and what the JVM opens with the first use of a class.
          boolean foreign =
              target.equals(own) || target.endsWith(".jar") || target.contains("/target/") || target.contains("surefire") || target.endsWith("random");
          return foreign ? "" : name + " " + target;
        });
  }

  /// Platform threads, without those that the JVM keeps for virtual threads and that the test framework starts.
  private static Set<String> threads() {
    Set<String> threads = new TreeSet<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (FOREIGN.stream().noneMatch(thread.getName()::startsWith)) {
        threads.add(thread.getName() + " #" + thread.threadId());
      }
    }
    return threads;
  }

  private static Set<String> cgroups() {
    try (Stream<Path> tree =
        Files.find(CGROUPS, CGROUP_DEPTH, (path, file) -> file.isDirectory() && path.getFileName().toString().startsWith(CONTAINERS))) {
      Set<String> found = new TreeSet<>();
      for (Path group : (Iterable<Path>) tree::iterator) {
        // It cannot be deleted as long as there is a group or a process in it.
        if (!group.endsWith(GROUP) || !group.toFile().delete()) {
          found.add(group.toString());
        }
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (UncheckedIOException changing) {
      return cgroups();
    }
  }

  /// What is in the places where a runtime, the engine and a store of images keep what is used just now; and files that lie
  /// in a state directory itself.
  private Set<String> files() {
    Set<String> found = new TreeSet<>();
    for (Path directory : directories) {
      Path state = directory.resolve("state");
      names(state, name -> Files.isRegularFile(state.resolve(name)) ? state + "/" + name : "").forEach(found::add);
      for (String place : List.of("", "state", "store", "images")) {
        for (String part : List.of("containers", "work", "leases", "incoming")) {
          add(directory.resolve(place).resolve(part), found);
        }
        Path runtimes = directory.resolve(place).resolve("runtime");
        names(runtimes, Function.identity()).forEach(runtime -> add(runtimes.resolve(runtime), found));
      }
    }
    return found;
  }

  private static void add(Path directory, Set<String> found) {
    names(directory, name -> directory.resolve(name).toString()).forEach(found::add);
  }

  private static Set<String> pids() {
    return names(Path.of("/proc"), name -> Character.isDigit(name.charAt(0)) ? name : "");
  }

  /// What is made of the names in a directory, without what is empty; nothing if there is no such directory.
  private static Set<String> names(Path directory, Function<String, String> each) {
    Set<String> names = new TreeSet<>();
    String[] all = directory.toFile().list();
    for (String name : all == null ? new String[0] : all) {
      String made = each.apply(name);
      if (!made.isEmpty()) {
        names.add(made);
      }
    }
    return names;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }
}
