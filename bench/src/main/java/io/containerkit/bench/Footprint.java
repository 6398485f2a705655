package io.containerkit.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Path;

/// What this JVM occupies.
///
/// `bench/run` makes the whole heap resident at the start, so the resident memory that comes later is all outside it.
///
/// @param heapKib the objects that are alive
/// @param outsideHeapKib resident memory less the heap's: code, classes, stacks, malloc
/// @param threads all that the kernel knows, not only Java's
record Footprint(long heapKib, long outsideHeapKib, long threads) {

  static Footprint now() throws IOException {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    long resident = kib(Path.of("/proc/self/smaps_rollup"), "Rss");
    return new Footprint(
        memory.getHeapMemoryUsage().getUsed() / 1024,
        resident - memory.getHeapMemoryUsage().getCommitted() / 1024,
        Long.parseLong(Machine.field(Path.of("/proc/self/status"), "Threads")));
  }

  private static long kib(Path file, String name) throws IOException {
    return Long.parseLong(Machine.field(file, name).replace(" kB", ""));
  }
}
