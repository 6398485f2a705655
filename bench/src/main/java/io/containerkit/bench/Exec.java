package io.containerkit.bench;

import io.containerkit.runtime.CreateOptions;
import java.nio.file.Path;
import java.util.List;

/// One more process, `/bin/true`, in a container that runs.
final class Exec {

  private static final double LIMIT = 1.05;

  private Exec() {}

  static void run(Bench bench) throws Exception {
    Path bundle = bench.workspace().bundle("/idle");
    for (String runtime : bench.options().runtimes()) {
      try (Rivals rivals = Rivals.on(bench, runtime);
          Library.Running container = rivals.library().run("bench-exec", bundle, CreateOptions.defaults())) {
        String title = "exec on " + rivals.name();
        Comparison comparison =
            bench.compareWarm(title, List.of("exec"), rivals.execs(container.id(), Workspace.process("/bin/true")));
        bench.say(comparison.draw());
        double ratio = comparison.ratioOfMedians(comparison.row(Rivals.LIBRARY));
        bench.promise(new Target(title, ratio, LIMIT, "× the C loop"));
      }
    }
  }
}
