package io.containerkit.linux;

import io.containerkit.spec.KernelException;
import java.nio.file.Path;
import java.util.Optional;

/// What `/proc/PID/stat` tells of a process (`proc_pid_stat(5)`).
///
/// @param pid the process
/// @param command the name of its program, at most 15 bytes
/// @param state one letter: `R` running, `S` sleeping, `D` uninterruptible, `T` stopped, `Z` zombie, `X` dead, …
/// @param parent the pid of its parent; 0 if that is outside of this pid namespace
/// @param startTime when it started, in clock ticks after the boot; with the pid it identifies a process within one boot
public record ProcessStat(int pid, String command, char state, int parent, long startTime) {

  /// Field 22 of the file, counted from the state, which is field 3.
  private static final int START_TIME = 22 - 3;

  /// Looks a process up.
  ///
  /// @return empty if there is none
  public static Optional<ProcessStat> of(int pid) {
    return read(pid, "stat").map(ProcessStat::parse);
  }

  private static Optional<String> read(int pid, String name) {
    try {
      return Optional.of(KernelFile.read(Path.of("/proc/" + pid + "/" + name)));
    } catch (KernelException e) {
      return switch (e.errno()) {
        // The first before and the second while reading: how /proc says that there is no such process. The others: not ours to see.
        case Errno.ENOENT, Errno.ESRCH, Errno.EACCES, Errno.EPERM -> Optional.empty();
        default -> throw e;
      };
    }
  }

  /// Parses the file. The command may hold anything, also spaces and parentheses, so the fields count from the last `)`.
  static ProcessStat parse(String stat) {
    int open = stat.indexOf('(');
    int close = stat.lastIndexOf(')');
    int pid = Integer.parseInt(stat.substring(0, open - 1));
    String command = stat.substring(open + 1, close);
    int field = close + 2;
    char state = stat.charAt(field);
    field += 2;
    int parent = Integer.parseInt(stat.substring(field, stat.indexOf(' ', field)));
    for (int i = 1; i < START_TIME; i++) {
      field = stat.indexOf(' ', field) + 1;
    }
    return new ProcessStat(pid, command, state, parent, Long.parseLong(stat.substring(field, stat.indexOf(' ', field))));
  }

  /// How a zombie ended, while its parent has not reaped it (field 52, Linux 3.5).
  ///
  /// @return empty if there is no such zombie, or it is not ours to trace
  static Optional<ExitStatus> exitOfZombie(int pid) {
    Optional<String> stat = read(pid, "stat").map(String::strip);
    if (stat.isEmpty() || parse(stat.get()).state != 'Z') {
      return Optional.empty();
    }
    int waitStatus = Integer.parseInt(stat.get().substring(stat.get().lastIndexOf(' ') + 1));
    // Who may not trace it reads 0 instead of the status. The file `io` asks for the same permission, and tells when it is missing.
    return waitStatus != 0 || read(pid, "io").isPresent() ? Optional.of(ExitStatus.ofWaitStatus(waitStatus)) : Optional.empty();
  }

  /// Whether the process runs: neither a zombie nor dead.
  public boolean isAlive() {
    return state != 'Z' && state != 'X' && state != 'x';
  }
}
