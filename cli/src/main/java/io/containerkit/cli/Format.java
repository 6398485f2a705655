package io.containerkit.cli;

/// How a command prints what it found: for people, or for programs.
enum Format {
  TABLE,
  JSON;

  static void describe(Flags flags) {
    flags.value("f", "format", "table|json", "How to print; a table without it.");
  }

  static Format of(Arguments arguments) {
    return Values.choice(arguments, "format", "table", "json").orElse("table").equals("json") ? JSON : TABLE;
  }
}
