package io.containerkit.linux;

import java.util.List;
import java.util.Locale;

/// A signal by its number (`signal(7)`), which is what every runtime understands.
///
/// @param number 1 to 64; 34 to 64 are the real-time signals as glibc counts them, `SIGRTMIN` to `SIGRTMAX`
public record Signal(int number) {

  private static final int RTMIN = 34;
  private static final int RTMAX = 64;

  /// From 1 on, in the order of the x86-64 and AArch64 numbers.
  private static final List<String> NAMES =
      List.of(
          "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
          "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO",
          "PWR", "SYS");

  public static final Signal HUP = new Signal(1);
  public static final Signal INT = new Signal(2);
  public static final Signal QUIT = new Signal(3);
  public static final Signal KILL = new Signal(9);
  public static final Signal USR1 = new Signal(10);
  public static final Signal USR2 = new Signal(12);
  public static final Signal TERM = new Signal(15);
  public static final Signal CONT = new Signal(18);
  public static final Signal STOP = new Signal(19);
  public static final Signal WINCH = new Signal(28);

  public Signal {
    if (number < 1 || number > RTMAX) {
      throw new IllegalArgumentException("signal " + number + " is not between 1 and " + RTMAX);
    }
  }

  /// Reads a signal as people write it: `TERM`, `sigterm`, `15`, `RTMIN+3`, `SIGRTMAX-1`.
  ///
  /// @throws IllegalArgumentException if it names no signal
  public static Signal of(String text) {
    String name = text.strip().toUpperCase(Locale.ROOT);
    if (!name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return new Signal(parse(name, text));
    }
    if (name.startsWith("SIG")) {
      name = name.substring(3);
    }
    if (name.startsWith("RTMIN") || name.startsWith("RTMAX")) {
      return realTime(name, text);
    }
    int index =
        switch (name) {
          case "IOT" -> NAMES.indexOf("ABRT");
          case "CLD" -> NAMES.indexOf("CHLD");
          case "POLL" -> NAMES.indexOf("IO");
          default -> NAMES.indexOf(name);
        };
    if (index < 0) {
      throw unknown(text);
    }
    return new Signal(index + 1);
  }

  private static Signal realTime(String name, String text) {
    boolean fromMin = name.startsWith("RTMIN");
    String offset = name.substring("RTMIN".length());
    if (offset.isEmpty()) {
      return new Signal(fromMin ? RTMIN : RTMAX);
    }
    if (offset.charAt(0) != (fromMin ? '+' : '-')) {
      throw unknown(text);
    }
    int steps = parse(offset.substring(1), text);
    if (steps < 0 || steps > RTMAX - RTMIN) {
      throw unknown(text);
    }
    return new Signal(fromMin ? RTMIN + steps : RTMAX - steps);
  }

  private static int parse(String digits, String text) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      IllegalArgumentException unknown = unknown(text);
      unknown.initCause(e);
      throw unknown;
    }
  }

  private static IllegalArgumentException unknown(String text) {
    return new IllegalArgumentException("no signal is called \"" + text + "\"; use a name such as TERM or RTMIN+3, or a number");
  }

  /// The name with its prefix, such as `SIGTERM` or `SIGRTMIN+3`.
  public String name() {
    if (number <= NAMES.size()) {
      return "SIG" + NAMES.get(number - 1);
    }
    if (number < RTMIN) {
      return "SIG" + number; // 32 and 33 belong to glibc's threads and have no names
    }
    return number == RTMIN ? "SIGRTMIN" : "SIGRTMIN+" + (number - RTMIN);
  }

  @Override
  public String toString() {
    return name();
  }
}
