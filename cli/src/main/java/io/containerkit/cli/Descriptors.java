package io.containerkit.cli;

import io.containerkit.linux.Fd;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The descriptors of ckit that a process inherits by `--preserve-fds`.
final class Descriptors {

  private static final int CLOSE_ON_EXEC = 02000000;

  private Descriptors() {}

  /// That many, from 3 on. They stay ckit's.
  ///
  /// @throws EngineException of kind `INVALID_ARGUMENT` if ckit was not given one of them
  static List<Fd> preserved(int count) {
    List<Fd> descriptors = new ArrayList<>();
    for (int number = 3; number < 3 + count; number++) {
      if (!isGiven(number)) {
        throw new EngineException(
            ErrorKind.INVALID_ARGUMENT,
            "fd " + number,
            "--preserve-fds " + count + ": ckit was not given descriptor " + number + "; the shell opens it by " + number + "<FILE",
            null);
      }
      descriptors.add(Fd.borrow(number));
    }
    return descriptors;
  }

  /// Whether a descriptor came from ckit's parent. What the JVM opens by itself is closed on exec, and what it was given is not.
  private static boolean isGiven(int number) {
    Path info = Path.of("/proc/self/fdinfo", Integer.toString(number));
    if (!Files.exists(info)) {
      return false;
    }
    for (String line : HostFacts.lines("read", info)) {
      if (line.startsWith("flags:")) {
        return (Integer.parseInt(line.substring("flags:".length()).strip(), 8) & CLOSE_ON_EXEC) == 0;
      }
    }
    return false;
  }
}
