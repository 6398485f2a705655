package io.containerkit.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// How long after a container's process has ended its exit status is known.
///
/// The process, `exit-stamp`, writes the monotonic clock to a file just before it calls `_exit`. What the kernel does after that, to
/// the end of the namespaces, is part of the latency: no contender can know any earlier than that.
final class ExitLatency {

  private static final String STAMP = "stamp";
  private static final double LIMIT_MILLIS = 1;

  private ExitLatency() {}

  static void run(Bench bench) throws Exception {
    Path bundle = bench.workspace().bundle("/exit-stamp", "/" + STAMP);
    Path stamp = bench.workspace().rootfs().resolve(STAMP);
    for (String runtime : bench.options().runtimes()) {
      try (Rivals rivals = Rivals.on(bench, runtime)) {
        String title = "exit known on " + rivals.name();
        List<Contender> contenders = rivals.lifecycles(bundle).stream().map(contender -> sinceExit(contender, stamp)).toList();
        Comparison comparison = bench.compareWarm(title, List.of("latency"), contenders);
        bench.say(comparison.draw());
        double p99 = comparison.row(Rivals.LIBRARY).totals().percentile(99) / 1e6;
        bench.promise(new Target(title + ", p99", p99, LIMIT_MILLIS, "ms"));
      }
    }
  }

  /// Has the contender run its whole life cycle, and keeps of it only the time between the exit and the knowledge of it.
  private static Contender sinceExit(Contender contender, Path stamp) {
    return new Contender(contender.name(), () -> {
      Files.deleteIfExists(stamp);
      Iteration iteration = contender.work().once();
      return new Iteration(iteration.status(), iteration.exitKnownAt(), List.of(iteration.exitKnownAt() - read(stamp)));
    });
  }

  private static long read(Path stamp) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(stamp)).order(ByteOrder.nativeOrder()).getLong();
  }
}
