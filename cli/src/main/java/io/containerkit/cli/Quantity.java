package io.containerkit.cli;

import io.containerkit.runtime.Limit;
import java.time.Duration;

/// Writes sizes, times and limits for people.
final class Quantity {

  private static final String UNITS = "KMGTPE";

  private Quantity() {}

  /// A size with three digits or fewer before its unit: `512B`, `1.5M`, `64M`.
  static String bytes(long bytes) {
    double value = bytes >= 0 ? bytes : bytes + 0x1p64;
    if (value < 1024) {
      return bytes + "B";
    }
    int unit = -1;
    while (value >= 1023.95 && unit < UNITS.length() - 1) {
      value /= 1024;
      unit++;
    }
    return tenths(value) + UNITS.charAt(unit);
  }

  static String limit(Limit limit) {
    return switch (limit) {
      case Limit.Bounded(long value) -> bytes(value);
      case Limit.Unlimited _ -> "unlimited";
      case Limit.Unknown _ -> "-";
    };
  }

  static String count(Limit limit) {
    return limit instanceof Limit.Bounded(long value) ? Long.toUnsignedString(value) : limit(limit);
  }

  /// A length of time: `850ms`, `12.5s`, `3m20s`, `5h07m`.
  static String time(Duration time) {
    long seconds = time.toSeconds();
    if (time.toMillis() < 1000) {
      return time.toMillis() + "ms";
    }
    if (seconds < 60) {
      return tenths(time.toMillis() / 1000.0) + "s";
    }
    return seconds < 3600
        ? seconds / 60 + "m" + twoDigits(seconds % 60) + "s"
        : seconds / 3600 + "h" + twoDigits(seconds / 60 % 60) + "m";
  }

  static String percent(double fraction) {
    return tenths(fraction * 100) + "%";
  }

  private static String tenths(double value) {
    long tenths = Math.round(value * 10);
    return tenths % 10 == 0 || tenths >= 1000 ? Long.toString(Math.round(value)) : tenths / 10 + "." + tenths % 10;
  }

  private static String twoDigits(long value) {
    return value < 10 ? "0" + value : Long.toString(value);
  }
}
