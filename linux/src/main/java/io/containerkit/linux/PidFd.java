package io.containerkit.linux;

import io.containerkit.spec.KernelException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One process, by a descriptor that can never come to mean another one (`pidfd_open(2)`).
///
/// Thread-safe. A process opened with [#open] is looked at but never reaped: that stays with its parent. A [Child] reaps itself.
public final class PidFd implements AutoCloseable {

  /// `struct pidfd_info` of `linux/pidfd.h` in its first published size.
  static final int INFO_SIZE = 64;
  static final int INFO_MASK = 0;
  static final int INFO_EXIT_CODE = 60;
  /// `PIDFD_GET_INFO`: `_IOWR(0xFF, 11, struct pidfd_info)`.
  static final int GET_INFO = 3 << 30 | INFO_SIZE << 16 | 0xFF << 8 | 11;
  private static final long INFO_EXIT = 1 << 3;

  /// `siginfo_t` of `waitid(2)` on 64-bit machines.
  static final int SIGINFO_SIZE = 128;
  static final int SIGINFO_CODE = 8;
  static final int SIGINFO_PID = 16;
  static final int SIGINFO_STATUS = 24;
  private static final int CLD_EXITED = 1;
  private static final int CLD_DUMPED = 3;

  private static final int P_PIDFD = 3;
  private static final int WNOHANG = 1;
  private static final int WEXITED = 4;
  private static final int WNOWAIT = 0x0100_0000;
  private static final int WALL = 0x4000_0000;

  private final int pid;
  private final Fd fd;
  private final boolean child;
  private volatile @Nullable ExitStatus status;

  private PidFd(int pid, Fd fd, boolean child) {
    this.pid = pid;
    this.fd = fd;
    this.child = child;
  }

  /// Opens a running process, or a zombie.
  ///
  /// @throws KernelException of kind `NO_SUCH_PROCESS` if there is none
  public static PidFd open(int pid) {
    return new PidFd(pid, openFd(pid), false);
  }

  /// Opens a process only if it is still the one that was meant.
  ///
  /// @param startTime when it started, as [ProcessStat#startTime] told while it was known to be right
  /// @throws KernelException of kind `NO_SUCH_PROCESS` if there is none, or the pid has come to another process
  public static PidFd open(int pid, long startTime) {
    PidFd opened = open(pid);
    // Read after the open: if the times are equal now, the descriptor cannot belong to a later process.
    if (ProcessStat.of(pid).filter(stat -> stat.startTime() == startTime).isEmpty()) {
      opened.close();
      throw Errno.exception("pidfd_open", Integer.toString(pid), Errno.ESRCH);
    }
    return opened;
  }

  /// Opens a child that this process has just started and nobody else reaps.
  static PidFd ofChild(int pid) {
    return new PidFd(pid, openFd(pid), true);
  }

  private static Fd openFd(int pid) {
    long result = Native.syscall(Syscall.PIDFD_OPEN, pid, 0, 0);
    // EINVAL is what the kernel says for a pid that has ended and lives on as a thread's number only.
    return Fd.own(Errno.check(result == -Errno.EINVAL ? -Errno.ESRCH : result, "pidfd_open", Integer.toString(pid)));
  }

  /// The process id. It may come to mean another process once this one is reaped.
  public int pid() {
    return pid;
  }

  Fd fd() {
    return fd;
  }

  /// Sends a signal (`pidfd_send_signal(2)`).
  ///
  /// @return false if the process has ended, which makes the signal pointless
  public boolean signal(Signal signal) {
    if (status != null) {
      return false;
    }
    long result = fd.syscall(Syscall.PIDFD_SEND_SIGNAL, signal.number(), 0, 0, 0);
    if (result == -Errno.ESRCH || (result < 0 && status != null)) {
      return false;
    }
    Errno.check(result, "pidfd_send_signal", "pid " + pid + " " + signal);
    return true;
  }

  /// Whether the process runs. A zombie does not.
  public boolean isAlive() {
    return status == null && !Poll.readable(fd);
  }

  /// How the process ended, as soon as that can be known: when it has ended, for a child and for any process that we may trace (as
  /// root all, else those of our user); for others when their parent has reaped them (Linux 6.15).
  ///
  /// @return empty while the process runs, or its status awaits its parent; [ExitStatus.Unknown] if nothing tells it any more
  public synchronized Optional<ExitStatus> status() {
    if (status == null) {
      status = query();
    }
    return Optional.ofNullable(status);
  }

  private @Nullable ExitStatus query() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(SIGINFO_SIZE, 8);
      int options = WEXITED | WNOHANG | WALL | (child ? 0 : WNOWAIT);
      if (!fd.acquire()) {
        return null;
      }
      try {
        long result = Native.syscall(Syscall.WAITID, P_PIDFD, fd.number(), info.address(), options, 0);
        if (result == -Errno.ECHILD) {
          return queryForeign(arena);
        }
        Errno.check(result, "waitid", "pid " + pid);
      } finally {
        fd.release();
      }
      return info.get(ValueLayout.JAVA_INT, SIGINFO_PID) == 0 ? null : decode(info);
    }
  }

  private static ExitStatus decode(MemorySegment info) {
    int code = info.get(ValueLayout.JAVA_INT, SIGINFO_CODE);
    int status = info.get(ValueLayout.JAVA_INT, SIGINFO_STATUS);
    return code == CLD_EXITED ? new ExitStatus.Exited(status) : new ExitStatus.Signaled(new Signal(status), code == CLD_DUMPED);
  }

  /// Asks as one who is not the parent. A zombie still has its pid, and `/proc` its status; what comes after that, only the kernel's
  /// record in the pidfd has. To wait for that record is to wait for the parent, which may take its time: some virtual machines have
  /// a process 1 that reaps every two seconds.
  private @Nullable ExitStatus queryForeign(Arena arena) {
    if (!Poll.readable(fd)) {
      return null;
    }
    Optional<ExitStatus> zombie = ProcessStat.exitOfZombie(pid);
    return zombie.isPresent() && isUnreaped() ? zombie.get() : queryReaped(arena);
  }

  /// Whether the pid is still this process's own: if it is so now, it was so before.
  private boolean isUnreaped() {
    return fd.syscall(Syscall.PIDFD_SEND_SIGNAL, 0, 0, 0, 0) == 0;
  }

  private @Nullable ExitStatus queryReaped(Arena arena) {
    MemorySegment info = arena.allocate(INFO_SIZE, 8);
    info.set(ValueLayout.JAVA_LONG, INFO_MASK, INFO_EXIT);
    long result = fd.syscall(Syscall.IOCTL, GET_INFO, info.address(), 0, 0);
    if (result == -Errno.ENOTTY || result == -Errno.EINVAL) {
      return new ExitStatus.Unknown("it was neither our child nor ours to trace, and only Linux 6.15 and later tell how others ended");
    }
    if (result == -Errno.ESRCH) {
      return new ExitStatus.Unknown("it was reaped by its parent, and the kernel kept no record");
    }
    Errno.check(result, "ioctl PIDFD_GET_INFO", "pid " + pid);
    boolean known = (info.get(ValueLayout.JAVA_LONG, INFO_MASK) & INFO_EXIT) != 0;
    return known ? ExitStatus.ofWaitStatus(info.get(ValueLayout.JAVA_INT, INFO_EXIT_CODE)) : null;
  }

  /// Frees the descriptor of a child whose status is known: there is nothing left to ask it.
  void exited() {
    if (child) {
      fd.close();
    }
  }

  /// Lets go of the process. Who waits for its exit learns [ExitStatus.Unknown], unless it has ended.
  @Override
  public void close() {
    if (!fd.isClosed()) {
      status();
      fd.close();
    }
  }

  @Override
  public String toString() {
    return "pid " + pid;
  }
}
