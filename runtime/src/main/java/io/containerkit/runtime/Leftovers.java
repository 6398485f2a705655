package io.containerkit.runtime;

import io.containerkit.linux.EventLoop;
import io.containerkit.linux.PidFd;
import io.containerkit.linux.ProcessStat;
import io.containerkit.linux.Signal;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.KernelException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The processes that a broken-off command has started. Each is held by a pidfd from the moment it is found, and none is older than
/// the command, so that nobody else's process is ever killed.
final class Leftovers implements AutoCloseable {

  private static final Duration DEATH = Duration.ofSeconds(2);

  private final String id;
  private final long since;
  private final Map<Integer, PidFd> processes = new LinkedHashMap<>();
  private final LeftoverCgroups cgroups;

  /// @param cgroups where the runtime puts the control groups of the container
  /// @param since when the command started, in the kernel's ticks
  Leftovers(String id, List<CgroupPlace> cgroups, long since) {
    this.id = id;
    this.cgroups = new LeftoverCgroups(cgroups);
    this.since = since;
  }

  /// Adds the children of a process, and theirs.
  void addDescendants(int ancestor) {
    Map<Integer, List<Integer>> children = new HashMap<>();
    for (int pid : pids()) {
      ProcessStat.of(pid).ifPresent(stat -> children.computeIfAbsent(stat.parent(), _ -> new ArrayList<>()).add(pid));
    }
    Deque<Integer> parents = new ArrayDeque<>(List.of(ancestor));
    while (!parents.isEmpty()) {
      for (int pid : children.getOrDefault(parents.pop(), List.of())) {
        add(pid);
        parents.push(pid);
      }
    }
  }

  /// Adds what has lost its parent: processes that are in a control group of the container, have a file of its state open, or carry
  /// the runtime's root and the id in their arguments, as an init of crun does until it is started, and a sandbox of runsc always.
  ///
  /// @param root the runtime's root
  void addOrphans(Path root) {
    int self = (int) ProcessHandle.current().pid();
    for (int pid : pids()) {
      Optional<ProcessStat> stat = ProcessStat.of(pid);
      if (stat.isEmpty() || stat.get().startTime() < since) {
        continue;
      }
      // A child of ours that names the id is another command for this container.
      boolean named = stat.get().parent() != self && isNamed(pid, root);
      if (named || cgroups.hold(pid) || holdsState(pid, root)) {
        add(pid);
      }
    }
  }

  private boolean isNamed(int pid, Path root) {
    try {
      String arguments = Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1) + "\0";
      return arguments.contains("\0" + root.resolve(id) + "\0")
          || (arguments.contains("\0" + id + "\0")
              && (arguments.contains("\0" + root + "\0") || arguments.contains("\0--root=" + root + "\0")));
    } catch (IOException _) {
      return false; // gone since the listing
    }
  }

  private boolean holdsState(int pid, Path root) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
      for (Path descriptor : descriptors) {
        if (Files.readSymbolicLink(descriptor).startsWith(root.resolve(id))) {
          return true;
        }
      }
      return false;
    } catch (IOException | DirectoryIteratorException _) {
      return false; // gone since the listing
    }
  }

  /// Adds a process, unless it is gone or older than the command.
  void add(int pid) {
    if (processes.containsKey(pid)) {
      return;
    }
    PidFd process;
    try {
      process = PidFd.open(pid);
    } catch (KernelException e) {
      if (e.kind() == ErrorKind.NO_SUCH_PROCESS) {
        return;
      }
      throw e;
    }
    if (ProcessStat.of(pid).filter(stat -> stat.startTime() >= since).isPresent()) {
      processes.put(pid, process);
    } else {
      process.close();
    }
  }

  private static List<Integer> pids() {
    List<Integer> pids = new ArrayList<>();
    String[] names = new File("/proc").list();
    for (String name : names == null ? new String[0] : names) {
      if (Character.isDigit(name.charAt(0))) {
        pids.add(Integer.parseInt(name));
      }
    }
    return pids;
  }

  /// Kills them all and waits until they are dead.
  void kill() {
    processes.values().forEach(process -> process.signal(Signal.KILL));
    Deadline deadline = Deadline.in(DEATH);
    for (PidFd process : processes.values()) {
      boolean dead = Uninterrupted.call(() -> EventLoop.shared().waitFor(process, deadline.left())).isPresent();
      if (!dead && process.isAlive()) {
        throw new CommandException(
            ErrorKind.BUSY,
            process + " of container \"" + id + "\" does not die: it is in state "
                + ProcessStat.of(process.pid()).map(ProcessStat::state).orElse('?'),
            List.of(),
            OptionalInt.empty(),
            "",
            List.of(),
            null);
      }
    }
  }

  /// Removes the control groups that were made for them.
  void removeCgroups() {
    cgroups.remove();
  }

  @Override
  public void close() {
    processes.values().forEach(PidFd::close);
  }
}
