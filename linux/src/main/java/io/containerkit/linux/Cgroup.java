package io.containerkit.linux;

import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.KernelException;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A control group: one directory in each hierarchy that has it. What is said here goes for the groups below it, too.
///
/// @param v1 its directories by controller, in the hierarchies of version 1
/// @param unified its directory in the unified hierarchy, or null
public record Cgroup(Map<String, Path> v1, @Nullable Path unified) {

  /// Whether the processes of a group run.
  public enum Freezer {
    THAWED,
    /// Some are stopped and some not yet.
    FREEZING,
    FROZEN
  }

  public Cgroup {
    v1 = Map.copyOf(v1);
  }

  /// All directories, each once: controllers can share a hierarchy.
  public Set<Path> directories() {
    Set<Path> directories = new LinkedHashSet<>(v1.values());
    if (unified != null) {
      directories.add(unified);
    }
    return directories;
  }

  /// The directories of this group that are not also those of another: what a process does not share with that one.
  public Cgroup without(Cgroup other) {
    Map<String, Path> own = new HashMap<>(v1);
    own.entrySet().removeAll(other.v1.entrySet());
    return new Cgroup(own, Objects.equals(unified, other.unified) ? null : unified);
  }

  /// Whether any hierarchy has it.
  public boolean exists() {
    return directories().stream().anyMatch(directory -> directory.toFile().isDirectory());
  }

  /// The processes in it and below, in any hierarchy.
  public Set<Integer> processes() {
    Set<Integer> processes = new TreeSet<>();
    for (Path directory : directories()) {
      for (Path group : subtree(directory)) {
        readIfPresent(group.resolve("cgroup.procs")).lines().forEach(pid -> processes.add(Integer.parseInt(pid)));
      }
    }
    processes.remove(0); // a process of a pid namespace that is not ours to see
    return processes;
  }

  /// Kills all processes, frozen ones too, and waits for their end.
  ///
  /// @throws EngineException of kind `INVALID_ARGUMENT` if this process is among them, or of kind `TIMED_OUT`, with what the
  ///     survivors do, if the time is up
  public void kill(Duration timeout) throws InterruptedException {
    BackOff backOff = new BackOff(timeout);
    int self = (int) ProcessHandle.current().pid();
    for (Set<Integer> processes = processes(); !processes.isEmpty(); processes = processes()) {
      if (processes.contains(self)) {
        throw refused(ErrorKind.INVALID_ARGUMENT, "not killed, because this process itself is in it");
      }
      signal(processes);
      // On version 1 a frozen process takes not even SIGKILL.
      thaw();
      if (!backOff.pause()) {
        throw refused(ErrorKind.TIMED_OUT, "still has processes " + timeout + " after SIGKILL: " + describe(processes));
      }
    }
  }

  /// Sends `SIGKILL` to all. `cgroup.kill` (Linux 5.14) reaches those that are being forked, too.
  private void signal(Set<Integer> processes) {
    if (unified != null && v1.isEmpty() && writeIfPresent(unified.resolve("cgroup.kill"), "1")) {
      return;
    }
    for (int pid : processes) {
      try (PidFd process = PidFd.open(pid)) {
        process.signal(Signal.KILL);
      } catch (KernelException e) {
        if (e.errno() != Errno.ESRCH) {
          throw e;
        }
      }
    }
  }

  private static String describe(Collection<Integer> processes) {
    List<String> states = new ArrayList<>();
    for (int pid : processes) {
      ProcessStat.of(pid).ifPresent(stat -> states.add(pid + " (" + stat.command() + ", state " + stat.state() + ")"));
    }
    return String.join(", ", states);
  }

  /// Whether the processes run.
  public Freezer freezer() {
    Path freezer = v1.get("freezer");
    if (freezer != null) {
      String state = readIfPresent(freezer.resolve("freezer.state")).strip();
      return state.isEmpty() ? Freezer.THAWED : Freezer.valueOf(state);
    }
    if (unified == null || !readIfPresent(unified.resolve("cgroup.freeze")).startsWith("1")) {
      return Freezer.THAWED;
    }
    return readIfPresent(unified.resolve("cgroup.events")).contains("frozen 1") ? Freezer.FROZEN : Freezer.FREEZING;
  }

  /// Begins to stop all processes; [#freezer] says when they are.
  public void freeze() {
    setFreezer("FROZEN", "1");
  }

  /// Lets all processes run again.
  public void thaw() {
    setFreezer("THAWED", "0");
  }

  private void setFreezer(String v1State, String v2State) {
    Path freezer = v1.get("freezer");
    if (freezer != null) {
      writeIfPresent(freezer.resolve("freezer.state"), v1State);
    } else if (unified != null) {
      writeIfPresent(unified.resolve("cgroup.freeze"), v2State);
    }
  }

  /// Removes it from every hierarchy, with the groups below it. A group stays busy for a moment after its last process has ended, so
  /// this tries again, from 1 ms on, always twice as long.
  ///
  /// @throws KernelException of kind `BUSY` if it still has processes when the time is up
  public void remove(Duration timeout) throws InterruptedException {
    BackOff backOff = new BackOff(timeout);
    for (Path directory : directories()) {
      for (Path group : subtree(directory).reversed()) {
        long result = KernelFile.rmdir(group);
        while (result == -Errno.EBUSY && backOff.pause()) {
          result = KernelFile.rmdir(group);
        }
        Errno.check(result == -Errno.ENOENT ? 0 : result, "rmdir", group);
      }
    }
  }

  /// The directory and all below it, each before those that it holds; empty if it does not exist.
  static List<Path> subtree(Path directory) {
    List<Path> found = new ArrayList<>();
    if (directory.toFile().isDirectory()) {
      found.add(directory);
    }
    for (int i = 0; i < found.size(); i++) {
      File[] children = found.get(i).toFile().listFiles(File::isDirectory);
      if (children != null) { // null: it has gone
        for (File child : children) {
          found.add(child.toPath());
        }
      }
    }
    return found;
  }

  /// Reads a file of a group that may go at any time, before the file is opened (`ENOENT`) or after (`ENODEV`).
  ///
  /// @return empty if it has gone
  static String readIfPresent(Path file) {
    try {
      return KernelFile.read(file);
    } catch (KernelException e) {
      if (isGone(e)) {
        return "";
      }
      throw e;
    }
  }

  private static boolean writeIfPresent(Path file, String text) {
    try {
      KernelFile.write(file, text);
      return true;
    } catch (KernelException e) {
      if (isGone(e)) {
        return false;
      }
      throw e;
    }
  }

  private static boolean isGone(KernelException e) {
    return e.errno() == Errno.ENOENT || e.errno() == Errno.ENODEV;
  }

  private EngineException refused(ErrorKind kind, String why) {
    Path any = directories().iterator().next();
    return new EngineException(kind, any.toString(), "control group " + any + ": " + why, null);
  }
}
