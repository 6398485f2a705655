package io.containerkit.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Finds what a test left behind: descriptors, threads, children.
final class Leaks implements AutoCloseable {

  private static final List<String> FOREIGN = List.of("ForkJoinPool", "VirtualThread", "process reaper", "junit-", "surefire");

  private final Map<String, String> descriptors;
  private final Set<String> threads;

  private Leaks() {
    descriptors = descriptors();
    threads = threads();
  }

  /// Remembers what is there now. The things that live as long as the JVM are started first.
  static Leaks watch() throws InterruptedException {
    Child warmUp = Spawn.of("/bin/true").start();
    assertThat(warmUp.waitFor()).isEqualTo(new ExitStatus.Exited(0));
    warmUp.onExit().join();
    return new Leaks();
  }

  /// Asserts that nothing new is there.
  @Override
  public void close() {
    assertSettles(() -> {
      Map<String, String> now = descriptors();
      now.keySet().removeAll(descriptors.keySet());
      return now.toString();
    }, "{}");
    assertSettles(() -> {
      Set<String> now = threads();
      now.removeAll(threads);
      return now.toString();
    }, "[]");
    assertSettles(() -> zombies().toString(), "[]");
  }

  /// What is closed may still be on its way when a test ends, so it is asked for until it is right, for two seconds at most.
  private static void assertSettles(Supplier<String> actual, String expected) {
    long end = System.nanoTime() + 2_000_000_000L;
    String now = actual.get();
    while (!now.equals(expected) && System.nanoTime() < end) {
      LockSupport.parkNanos(1_000_000);
      now = actual.get();
    }
    assertThat(now).isEqualTo(expected);
  }

  private static Map<String, String> descriptors() {
    Map<String, String> open = new TreeMap<>();
    File[] files = new File("/proc/self/fd").listFiles();
    for (File file : files == null ? new File[0] : files) {
      String target = target(file.toPath());
      // Jars, class files and sources of random numbers are the JVM's own business: they come with the first use of a class.
      if (!target.isEmpty() && !target.endsWith(".jar") && !target.contains("/target/") && !target.endsWith("random")) {
        open.put(file.getName() + " " + target, target);
      }
    }
    return open;
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException gone) {
      return ""; // the descriptor of the listing itself
    }
  }

  /// Platform threads, without those that the JVM keeps for virtual threads and that the test framework starts.
  private static Set<String> threads() {
    Set<String> threads = new TreeSet<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (FOREIGN.stream().noneMatch(thread.getName()::startsWith)) {
        threads.add(thread.getName() + " #" + thread.threadId());
      }
    }
    return threads;
  }

  private static List<String> zombies() {
    List<String> zombies = new ArrayList<>();
    ProcessHandle.current()
        .children()
        .forEach(
            child ->
                ProcessStat.of((int) child.pid()).filter(stat -> stat.state() == 'Z').ifPresent(stat -> zombies.add(stat.toString())));
    return zombies;
  }
}
