package io.containerkit.cli;

import io.containerkit.linux.Signal;
import io.containerkit.runtime.CgroupsMode;
import io.containerkit.runtime.Rootless;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the values of flags: sizes, times, numbers. Each mistake names the flag, the value and what would be right.
final class Values {

  private Values() {}

  /// A size in bytes: a number with `b`, `k`, `m`, `g` or `t` for powers of 1024, as podman has it; `-1` is unlimited.
  static Optional<Long> bytes(Arguments arguments, String flag) {
    Optional<String> text = arguments.text(flag);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(bytes(text.get()));
    } catch (NumberFormatException | ArithmeticException e) {
      throw wrong(arguments, flag, text.get(), "a size; write a number with k, m, g or t, such as 512m", e);
    }
  }

  /// @throws NumberFormatException if it is not a number
  /// @throws ArithmeticException if it is too large
  static long bytes(String text) {
    if (text.equals("-1")) {
      return -1;
    }
    int end = text.length();
    if (end > 1 && (text.charAt(end - 1) == 'b' || text.charAt(end - 1) == 'B')) {
      end--;
    }
    int shift =
        switch (end > 0 ? text.charAt(end - 1) : ' ') {
          case 'k', 'K' -> 10;
          case 'm', 'M' -> 20;
          case 'g', 'G' -> 30;
          case 't', 'T' -> 40;
          default -> 0;
        };
    BigDecimal number = decimal(text.substring(0, shift == 0 ? end : end - 1));
    return number.multiply(BigDecimal.valueOf(1L << shift)).toBigInteger().longValueExact();
  }

  /// A number of digits and at most one point. An exponent is refused: it would make a short text a huge number.
  private static BigDecimal decimal(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && c != '.') {
        throw new NumberFormatException(text);
      }
    }
    return new BigDecimal(text);
  }

  /// A length of time: `10` seconds, `10s`, `1m30s`, `250ms`, `2h`.
  static Optional<Duration> duration(Arguments arguments, String flag) {
    Optional<String> text = arguments.text(flag);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(duration(text.get()));
    } catch (NumberFormatException | ArithmeticException e) {
      throw wrong(arguments, flag, text.get(), "a length of time; write seconds, or such as 250ms, 10s, 1m30s", e);
    }
  }

  /// A length of time that is more than none.
  static Optional<Duration> someTime(Arguments arguments, String flag) {
    Optional<Duration> time = duration(arguments, flag);
    if (time.isPresent() && time.get().isZero()) {
      throw wrong(arguments, flag, arguments.text(flag).orElse(""), "a length of time that is more than none", null);
    }
    return time;
  }

  /// @throws NumberFormatException if it is not a length of time
  /// @throws ArithmeticException if it is too long
  static Duration duration(String text) {
    Duration sum = Duration.ZERO;
    int at = 0;
    do {
      int digits = at;
      while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
        at++;
      }
      BigDecimal number = decimal(text.substring(digits, at));
      int unit = at;
      while (at < text.length() && Character.isLetter(text.charAt(at))) {
        at++;
      }
      long millis =
          switch (text.substring(unit, at)) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "" -> wholeText(text, digits, at);
            default -> throw new NumberFormatException(text);
          };
      sum = sum.plusMillis(number.multiply(BigDecimal.valueOf(millis)).toBigInteger().longValueExact());
    } while (at < text.length());
    return sum;
  }

  /// Milliseconds of a number without a unit, which must be all there is.
  private static long wholeText(String text, int start, int end) {
    if (start != 0 || end != text.length()) {
      throw new NumberFormatException(text);
    }
    return 1_000;
  }

  /// A whole number within bounds.
  static Optional<Long> number(Arguments arguments, String flag, long least, long greatest) {
    Optional<String> text = arguments.text(flag);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String range =
        greatest == Long.MAX_VALUE ? "a whole number from " + least : "a whole number from " + least + " to " + greatest;
    try {
      long value = Long.parseLong(text.get());
      if (value < least || value > greatest) {
        throw wrong(arguments, flag, text.get(), range, null);
      }
      return Optional.of(value);
    } catch (NumberFormatException e) {
      throw wrong(arguments, flag, text.get(), range, e);
    }
  }

  /// A number of processors, such as `1.5`, in millionths: the quota for a period of one second. At least 0.01,
  /// the smallest quota that the kernel takes for a period of 0.1 s, and at most a million.
  static Optional<Long> microCpus(Arguments arguments, String flag) {
    Optional<String> text = arguments.text(flag);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String right = "a number of processors, such as 0.5 or 2";
    try {
      BigDecimal cpus = decimal(text.get());
      if (cpus.compareTo(new BigDecimal("0.01")) < 0 || cpus.compareTo(new BigDecimal(1_000_000)) > 0) {
        throw wrong(arguments, flag, text.get(), right, null);
      }
      return Optional.of(cpus.movePointRight(6).toBigInteger().longValueExact());
    } catch (NumberFormatException | ArithmeticException e) {
      throw wrong(arguments, flag, text.get(), right, e);
    }
  }

  /// One of a few words.
  static Optional<String> choice(Arguments arguments, String flag, String... words) {
    Optional<String> text = arguments.text(flag);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    for (String word : words) {
      if (word.equals(text.get())) {
        return text;
      }
    }
    throw wrong(arguments, flag, text.get(), "one of " + String.join(", ", words), null);
  }

  /// A signal, by its name or number.
  static Signal signal(Arguments arguments, String text) {
    try {
      return Signal.of(text);
    } catch (IllegalArgumentException e) {
      throw arguments.mistake(String.valueOf(e.getMessage()), e);
    }
  }

  /// The time between two readings.
  static Duration interval(Arguments arguments) {
    return someTime(arguments, "interval").orElse(Duration.ofSeconds(5));
  }

  static Optional<CgroupsMode> cgroupsMode(Arguments arguments) {
    return choice(arguments, "manage-cgroups-mode", "soft", "full", "strict", "ignore").map(word -> CgroupsMode.valueOf(word.toUpperCase(Locale.ROOT)));
  }

  /// Without a lambda, for it is asked of every command.
  static Optional<Rootless> rootless(Arguments arguments) {
    Optional<String> word = choice(arguments, "rootless", "true", "false", "auto");
    return word.isPresent() ? Optional.of(Rootless.valueOf(word.get().toUpperCase(Locale.ROOT))) : Optional.empty();
  }

  static Optional<Path> path(Arguments arguments, String flag) {
    Optional<String> text = arguments.text(flag);
    return text.isEmpty() ? Optional.empty() : Optional.of(path(arguments, flag, text.get()));
  }

  static List<Path> paths(Arguments arguments, String flag) {
    List<Path> paths = new ArrayList<>();
    for (String text : arguments.texts(flag)) {
      paths.add(path(arguments, flag, text));
    }
    return List.copyOf(paths);
  }

  static Path path(Arguments arguments, String flag, String text) {
    try {
      if (text.isEmpty()) {
        throw wrong(arguments, flag, text, "a path", null);
      }
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw wrong(arguments, flag, text, "a path", e);
    }
  }

  /// The path of a cgroup below another: one that leads out of it is refused.
  static Optional<String> cgroup(Arguments arguments, String flag) {
    Optional<String> text = arguments.text(flag);
    if (text.isPresent() && (text.get().isEmpty() || ("/" + text.get() + "/").contains("/../"))) {
      throw wrong(arguments, flag, text.get(), "the path of a cgroup, which has no \"..\"", null);
    }
    return text;
  }

  /// A text of the form `NAME=VALUE`, which is returned as it is.
  static String assignment(Arguments arguments, String flag, String text) {
    if (text.indexOf('=') < 1) {
      throw wrong(arguments, flag, text, "NAME=VALUE", null);
    }
    return text;
  }

  /// The mistake that a flag's value is not what the flag takes.
  static UsageException wrong(
      Arguments arguments, String flag, String value, String right, @Nullable Throwable cause) {
    return arguments.mistake("--" + flag + ": \"" + value + "\" is not " + right, cause);
  }
}
