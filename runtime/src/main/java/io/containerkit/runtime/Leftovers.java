package io.containerkit.runtime;

import io.containerkit.linux.EventLoop;
import io.containerkit.linux.PidFd;
import io.containerkit.linux.ProcessStat;
import io.containerkit.linux.Signal;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.KernelException;
import java.io.File;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// The processes that a broken-off command has started. Each is held by a pidfd from the moment it is found, and none is older than
/// the command, so that nobody else's process is ever killed.
final class Leftovers implements AutoCloseable {

  private static final Duration DEATH = Duration.ofSeconds(2);

  private final String id;
  private final long since;
  private final Map<Integer, PidFd> processes = new LinkedHashMap<>();

  /// @param since when the command started, in the kernel's ticks
  Leftovers(String id, long since) {
    this.id = id;
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

  /// Removes the control groups that they were in, and that were made for them.
  void removeCgroups() {
  }

  @Override
  public void close() {
    processes.values().forEach(PidFd::close);
  }
}
