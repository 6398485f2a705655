package io.containerkit.engine;

import io.containerkit.linux.BootId;
import io.containerkit.linux.ProcessStat;
import java.util.Optional;

/// Says which process owns a container: the boot, the pid and the start time name one process for ever, the sequence number tells
/// the [ContainerKit]s of that process apart. Its text has only letters, digits and dots, so that it can be part of a file name.
///
/// @param boot the first digits of the boot's id
/// @param pid the process
/// @param start the process's start time, in clock ticks after the boot
/// @param sequence which of the process's kits
record Token(String boot, int pid, long start, long sequence) {

  /// Enough to tell the boots of one machine apart, and short: the token is part of the path of a socket.
  private static final int BOOT_DIGITS = 12;

  /// Whether the process that the token names still runs.
  boolean isAlive() {
    return boot.equals(currentBoot())
        && ProcessStat.of(pid).filter(stat -> stat.startTime() == start && stat.isAlive()).isPresent();
  }

  static Token ofThisProcess(long sequence) {
    int pid = (int) ProcessHandle.current().pid();
    return new Token(currentBoot(), pid, ProcessStat.of(pid).orElseThrow().startTime(), sequence);
  }

  /// The token in a text; nothing where the text is no token.
  static Optional<Token> parse(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Token(
              parts[0], Integer.parseInt(parts[1]), Long.parseLong(parts[2]), Long.parseLong(parts[3])));
    } catch (NumberFormatException notAToken) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return boot + "." + pid + "." + start + "." + sequence;
  }

  /// What a token and every other name that ends with the boot has of the boot's id.
  static String currentBoot() {
    return BootId.current().replace("-", "").substring(0, BOOT_DIGITS);
  }
}
