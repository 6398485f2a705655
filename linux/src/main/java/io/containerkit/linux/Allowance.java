package io.containerkit.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;

/// What this process may give to a process that it starts, of what the kernel lets nobody raise for himself: limits (`getrlimit(2)`) and
/// protection from the killer of processes when memory runs out (`proc_pid_oom_score_adj(5)`).
public final class Allowance {

  /// No limit, `RLIM_INFINITY`.
  public static final long UNLIMITED = -1;

  static final int RLIMIT_SIZE = 16;
  static final int RLIMIT_HARD = 8;

  /// In the order of their numbers (`asm-generic/resource.h`).
  static final List<String> LIMITS =
      List.of(
          "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS", "RLIMIT_NPROC", "RLIMIT_NOFILE",
          "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS", "RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_RTPRIO",
          "RLIMIT_RTTIME");

  private static final int CAP_SYS_RESOURCE = 24;

  private Allowance() {}

  /// The highest hard limit that this process may give: its own, and with `CAP_SYS_RESOURCE` any, of descriptors as many as a process
  /// can have at all (`fs.nr_open`).
  ///
  /// @param limit its name, such as `RLIMIT_NOFILE`
  /// @return unsigned; [#UNLIMITED] also for a limit that is not known
  public static long highestLimit(String limit) {
    int number = LIMITS.indexOf(limit);
    if (number < 0) {
      return UNLIMITED;
    }
    if (!hasCapability(CAP_SYS_RESOURCE)) {
      return hardLimit(number);
    }
    return limit.equals("RLIMIT_NOFILE") ? Long.parseLong(read("/proc/sys/fs/nr_open")) : UNLIMITED;
  }

  private static long hardLimit(int number) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limits = arena.allocate(RLIMIT_SIZE, 8);
      Errno.check(Native.syscall(Syscall.PRLIMIT64, 0, number, 0, limits.address(), 0), "prlimit", LIMITS.get(number));
      return limits.get(ValueLayout.JAVA_LONG, RLIMIT_HARD);
    }
  }

  private static boolean hasCapability(int capability) {
    String status = read("/proc/self/status");
    int effective = status.indexOf("CapEff:") + "CapEff:".length();
    long set = Long.parseUnsignedLong(status.substring(effective, status.indexOf('\n', effective)).strip(), 16);
    return (set >>> capability & 1) == 1;
  }

  /// The `oom_score_adj` that this process may give, if it may not give the one that is wanted: its own.
  ///
  /// Whether it may go below its own is found out by a child that tries, for the kernel does not show how low that may be.
  ///
  /// @return what is wanted, or the least above it that is sure to be allowed
  public static int oomScoreAdj(int wanted) throws InterruptedException {
    int own = Integer.parseInt(read("/proc/self/oom_score_adj"));
    return wanted >= own || takes(wanted) ? wanted : own;
  }

  private static boolean takes(int score) throws InterruptedException {
    return Spawn.of("/bin/sh", "-c", "echo " + score + " >/proc/self/oom_score_adj").start().waitFor().isSuccess();
  }

  private static String read(String file) {
    return KernelFile.read(Path.of(file)).strip();
  }
}
