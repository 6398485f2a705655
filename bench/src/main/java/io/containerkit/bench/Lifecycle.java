package io.containerkit.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A container of `/bin/true` from its creation to its deletion.
final class Lifecycle {

  private static final List<String> PHASES = List.of("create", "start", "wait", "delete");

  /// How many times the C loop's median the library's may be.
  private static final Map<String, Double> LIMITS = Map.of("crun", 1.05, "runc", 1.03);

  private Lifecycle() {}

  static void run(Bench bench) throws Exception {
    Path bundle = bench.workspace().bundle("/bin/true");
    for (String runtime : bench.options().runtimes()) {
      try (Rivals rivals = Rivals.on(bench, runtime)) {
        String title = "life cycle on " + rivals.name();
        Comparison comparison = bench.compareWarm(title, PHASES, rivals.lifecycles(bundle));
        bench.say(comparison.draw());
        if (LIMITS.containsKey(rivals.name())) {
          double ratio = comparison.ratioOfMedians(comparison.row(Rivals.LIBRARY));
          bench.promise(new Target(title, ratio, LIMITS.get(rivals.name()), "× the C loop"));
        }
      }
    }
  }
}
