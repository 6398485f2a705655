package io.containerkit.bench;

import io.containerkit.runtime.CreateOptions;
import io.containerkit.runtime.Stdio;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What it costs this JVM to supervise one more container: its process, its pipes, its exit.
final class Memory {

  private static final double LIMIT_KIB = 16;

  private static final int LIMIT_THREADS = 8;
  private static final CreateOptions PIPES = CreateOptions.builder().stdio(Stdio.pipes()).build();

  private Memory() {}

  static void run(Bench bench) throws Exception {
    int count = bench.options().processes();
    Path bundle = bench.workspace().bundle("/idle");
    try (Rivals rivals = Rivals.on(bench, bench.options().runtimes().getFirst())) {
      supervise(rivals.library(), "warm", bundle, Math.min(count, 100));
      Footprint before = Footprint.now();
      Footprint during = supervise(rivals.library(), "many", bundle, count);
      report(bench, count, before, during);
    }
  }

  /// Starts containers, takes the footprint of this JVM while they run, and removes them.
  private static Footprint supervise(Library library, String prefix, Path bundle, int count) throws Exception {
    List<Library.Running> running = new ArrayList<>(count);
    try {
      for (int i = 0; i < count; i++) {
        running.add(library.run("bench-%s%d".formatted(prefix, i), bundle, PIPES));
      }
      return Footprint.now();
    } finally {
      for (Library.Running container : running) {
        container.close();
      }
    }
  }

  private static void report(Bench bench, int count, Footprint before, Footprint during) {
    double outside = (double) (during.outsideHeapKib() - before.outsideHeapKib()) / count;
    double heap = (double) (during.heapKib() - before.heapKib()) / count;
    Table table = new Table(List.of("%,d supervised containers".formatted(count), "before", "while they run", "for each"));
    table.add(row("live heap, KiB", before.heapKib(), during.heapKib(), heap));
    table.add(row("resident outside the heap, KiB", before.outsideHeapKib(), during.outsideHeapKib(), outside));
    table.add(row("threads", before.threads(), during.threads(), (double) (during.threads() - before.threads()) / count));
    bench.say(table.draw());
    bench.promise(new Target("memory of a supervised container", heap + outside, LIMIT_KIB, "KiB"));
    bench.promise(new Target("threads for all of them", during.threads() - before.threads(), LIMIT_THREADS, "threads"));
  }

  private static List<String> row(String name, long before, long during, double each) {
    return List.of(name, Long.toString(before), Long.toString(during), String.format(Locale.ROOT, "%.2f", each));
  }
}
