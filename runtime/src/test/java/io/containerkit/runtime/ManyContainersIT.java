package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.MountNamespace;
import io.containerkit.testing.Residue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Many containers at the same time in one JVM: every status is right and nothing is left.
@Timeout(240)
class ManyContainersIT {

  /// How many commands run at once: more would only wait for each other, each with its deadline running.
  private static final int COMMANDS = 8;

  @TempDir Path directory;

  @Test
  void aThousandOfTheFakeRuntime() throws Exception {
    FakeRuntime fake = new FakeRuntime(directory);
    assertAllStatusesAreRight(fake.builder(), 1_000);
  }

  @Test
  void aHundredOfRunc() throws Exception {
    assertAllStatusesAreRight(OciRuntime.builder("runc"), 100);
  }

  @Test
  void aHundredOfCrun() throws Exception {
    try (MountNamespace mounts = CrunIT.crunNamespace()) {
      assertAllStatusesAreRight(OciRuntime.builder("crun").mountNamespace(mounts), 100);
    }
  }

  private void assertAllStatusesAreRight(OciRuntimeBuilder builder, int count) throws Exception {
    Bundles bundles = new Bundles(directory);
    OciRuntime runtime =
        builder
            .root(directory.resolve("runtime/root"))
            .workDirectory(directory.resolve("work"))
            .deadline(Duration.ofMinutes(2))
            .build();
    runtime.list();
    Map<String, ExitStatus> expected = new TreeMap<>();
    Map<String, ExitStatus> actual = new TreeMap<>();
    Semaphore permits = new Semaphore(COMMANDS);
    try (Residue _ = Residue.watch(Set.of(directory));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // All are there at once, and only then does the first one end.
      List<ContainerProcess> processes = new ArrayList<>();
      for (Future<ContainerProcess> created : all(count, threads, permits, i -> {
        String id = "many-" + i;
        return runtime.create(id, bundles.script(id, "exit " + i % 251), Stdio.output());
      })) {
        processes.add(created.get());
      }
      assertThat(runtime.list()).hasSize(count);
      for (Future<Boolean> started : all(count, threads, permits, i -> {
        runtime.start("many-" + i);
        return true;
      })) {
        assertThat(started.get()).isTrue();
      }
      for (int i = 0; i < count; i++) {
        expected.put("many-" + i, new ExitStatus.Exited(i % 251));
        actual.put("many-" + i, processes.get(i).waitFor());
      }
      for (Future<Boolean> deleted : all(count, threads, permits, i -> {
        processes.get(i).close();
        runtime.delete("many-" + i);
        return true;
      })) {
        assertThat(deleted.get()).isTrue();
      }
    }
    assertThat(actual).isEqualTo(expected);
  }

  private interface Step<T> {
    T run(int i) throws Exception;
  }

  private static <T> List<Future<T>> all(int count, ExecutorService threads, Semaphore permits, Step<T> step) {
    List<Future<T>> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      Callable<T> call =
          () -> {
            permits.acquire();
            try {
              return step.run(number);
            } finally {
              permits.release();
            }
          };
      results.add(threads.submit(call));
    }
    return results;
  }
}
