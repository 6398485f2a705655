package io.containerkit.bench;

import java.util.List;
import java.util.Locale;

/// A number that is promised, and what it was this time.
record Target(String what, double measured, double limit, String unit) {

  boolean met() {
    return measured <= limit;
  }

  static String draw(Iterable<Target> targets) {
    Table table = new Table(List.of("promise", "limit", "measured", "kept"));
    for (Target target : targets) {
      table.add(List.of(
          target.what(), number(target.limit(), target.unit()), number(target.measured(), target.unit()), target.met() ? "yes" : "no"));
    }
    return table.draw();
  }

  private static String number(double number, String unit) {
    return String.format(Locale.ROOT, "%.3f %s", number, unit);
  }
}
