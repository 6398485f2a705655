package io.containerkit.bench;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What to compare, how often, and where the peers are.
///
/// @param sections what to compare
/// @param runtimes names or paths of OCI runtimes
/// @param rounds counted rounds of a comparison of warm contenders; of cold ones, a tenth of them, but three at least;
///     of pulls, a fortieth, but two at least
/// @param processes how many processes are supervised at once to see what one costs
/// @param imagePercent how large the images are that are pulled
/// @param peers the directory that `build-peers` filled
/// @param ckit the installed command
record Options(
    Set<Section> sections, List<String> runtimes, int rounds, int processes, int imagePercent, Path peers, Path ckit) {

  static final String USAGE =
      """
      usage: bench [lifecycle|exec|exit-latency|memory|cold|pull|all]... [OPTION]...
        --runtime NAME    an OCI runtime, more than once for more of them (crun and runc)
        --rounds N        counted rounds of each comparison (200)
        --processes N     processes that are supervised at once (1000)
        --image-percent N how large the images are that are pulled, of their full size (100)
        --peers DIR       where build-peers put the peers (bench/target/peers)
        --ckit PATH       the installed command (cli/target/ckit/bin/ckit)
      """;

  Options {
    sections = Collections.unmodifiableSet(EnumSet.copyOf(sections)); // in their order: that of Set.copyOf is another in each JVM
    runtimes = List.copyOf(runtimes);
  }

  /// Returns how many rounds of a whole process are counted: each takes as long as a dozen of a warm one.
  int coldRounds() {
    return Math.max(3, rounds / 10);
  }

  /// Returns how many rounds of pulls are counted: each takes seconds.
  int pullRounds() {
    return Math.max(2, rounds / 40);
  }

  /// Reads a command line.
  ///
  /// @throws BenchException if it is not as [#USAGE] says
  static Options parse(String... arguments) {
    Set<Section> sections = EnumSet.noneOf(Section.class);
    Set<String> runtimes = new LinkedHashSet<>();
    int rounds = 200;
    int processes = 1000;
    int imagePercent = 100;
    Path peers = Path.of("bench/target/peers");
    Path ckit = Path.of("cli/target/ckit/bin/ckit");
    Deque<String> words = new ArrayDeque<>(Arrays.asList(arguments));
    while (!words.isEmpty()) {
      String word = words.pop();
      switch (word) {
        case "all" -> sections.addAll(EnumSet.allOf(Section.class));
        case "--runtime" -> runtimes.add(value(word, words));
        case "--rounds" -> rounds = count(word, words);
        case "--processes" -> processes = count(word, words);
        case "--image-percent" -> imagePercent = count(word, words);
        case "--peers" -> peers = Path.of(value(word, words));
        case "--ckit" -> ckit = Path.of(value(word, words));
        default -> sections.add(Section.of(word));
      }
    }
    return new Options(
        sections.isEmpty() ? EnumSet.allOf(Section.class) : sections,
        runtimes.isEmpty() ? List.of("crun", "runc") : List.copyOf(runtimes),
        rounds,
        processes,
        imagePercent,
        peers.toAbsolutePath(),
        ckit.toAbsolutePath());
  }

  private static String value(String option, Deque<String> words) {
    if (words.isEmpty()) {
      throw new BenchException("%s needs a value%n%s".formatted(option, USAGE));
    }
    return words.pop();
  }

  private static int count(String option, Deque<String> words) {
    String text = value(option, words);
    if (!text.matches("[1-9][0-9]{0,5}")) {
      throw new BenchException("%s needs a positive number, not %s%n%s".formatted(option, text, USAGE));
    }
    return Integer.parseInt(text);
  }
}
