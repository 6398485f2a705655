package io.containerkit.linux;

import io.containerkit.spec.KernelException;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Makes this process the parent of its descendants' orphans (`PR_SET_CHILD_SUBREAPER`), so that it learns how the container of a
/// detached runtime ended on kernels that tell nobody but the parent. This concerns the whole process, so only a program that
/// knows of all its parts turns it on; a library never does.
///
/// Orphans that end are reaped by a daemon thread, but never the children of others in this JVM, which the kernel cannot tell from
/// orphans: those of [ProcessBuilder] have a thread that waits for them, by whose name they are known, and whoever else has children
/// reaps them at once, so only what has been a zombie for the whole time between two looks is taken for an orphan. Every [PidFd] has
/// seen its status by then.
public final class Subreaper implements AutoCloseable {

  private static final int PR_SET_CHILD_SUBREAPER = 36;
  private static final int P_PID = 1;
  private static final int WNOHANG = 1;
  private static final int WEXITED = 4;

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Duration interval;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  Subreaper(Duration interval) {
    this.interval = interval;
    set(1);
    thread = new Thread(this::run, "containerkit-reaper");
    thread.setDaemon(true);
    thread.start();
  }

  /// Becomes the parent of orphans, until this is closed.
  public static Subreaper enable() {
    return new Subreaper(INTERVAL);
  }

  private static void set(int on) {
    Errno.check(Native.syscall(Syscall.PRCTL, PR_SET_CHILD_SUBREAPER, on, 0), "prctl", "PR_SET_CHILD_SUBREAPER");
  }

  private void run() {
    Map<Integer, Long> before = Map.of();
    try {
      while (!closed.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
        Map<Integer, Long> zombies = zombies();
        for (Map.Entry<Integer, Long> zombie : zombies.entrySet()) {
          if (zombie.getValue().equals(before.get(zombie.getKey())) && !isAwaitedByTheJdk(zombie.getKey())) {
            reap(zombie.getKey());
          }
        }
        before = zombies;
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  /// The children that have ended and were not reaped yet, with the times when they started.
  private static Map<Integer, Long> zombies() {
    Map<Integer, Long> zombies = new HashMap<>();
    File[] threads = new File("/proc/self/task").listFiles();
    for (File thread : threads == null ? new File[0] : threads) {
      for (String pid : children(thread.toPath()).split(" ", -1)) {
        if (!pid.isEmpty()) {
          ProcessStat.of(Integer.parseInt(pid)).filter(stat -> stat.state() == 'Z').ifPresent(stat -> zombies.put(stat.pid(), stat.startTime()));
        }
      }
    }
    return zombies;
  }

  /// The kernel keeps children by the thread that started them, and gives orphans to any.
  private static String children(Path thread) {
    try {
      return KernelFile.read(thread.resolve("children")).strip();
    } catch (KernelException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ESRCH) {
        return ""; // the thread has ended
      }
      throw e;
    }
  }

  /// Whether it was started by [ProcessBuilder], whose thread may come late on a busy machine. JDK 25 puts the pid into its name.
  static boolean isAwaitedByTheJdk(int pid) {
    String name = "process reaper (pid " + pid + ")";
    return Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().equals(name));
  }

  private static void reap(int pid) {
    long result = Native.syscall(Syscall.WAITID, P_PID, pid, 0, WNOHANG | WEXITED, 0);
    Errno.check(result == -Errno.ECHILD ? 0 : result, "waitid", Integer.toString(pid));
  }

  /// Gives up being the parent of future orphans. Those that came before and still run are not reaped any more.
  @Override
  public void close() {
    set(0);
    closed.countDown();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
