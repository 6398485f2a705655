package io.containerkit.bench;

import java.util.Arrays;
import java.util.Locale;

/// The comparisons there are.
enum Section {
  LIFECYCLE,
  EXEC,
  EXIT_LATENCY,
  MEMORY,
  COLD,
  PULL;

  /// Returns the section of that name on the command line.
  static Section of(String word) {
    return Arrays.stream(values())
        .filter(section -> section.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new BenchException("%s is nothing to compare%n%s".formatted(word, Options.USAGE)));
  }

  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  void run(Bench bench) throws Exception {
    switch (this) {
      case LIFECYCLE -> Lifecycle.run(bench);
      case EXEC -> Exec.run(bench);
      case EXIT_LATENCY -> ExitLatency.run(bench);
      case MEMORY -> Memory.run(bench);
      case COLD -> Cold.run(bench);
      case PULL -> Pull.run(bench);
    }
  }
}
