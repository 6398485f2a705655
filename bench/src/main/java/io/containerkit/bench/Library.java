package io.containerkit.bench;

import io.containerkit.linux.ExitStatus;
import io.containerkit.runtime.ContainerProcess;
import io.containerkit.runtime.CreateOptions;
import io.containerkit.runtime.ExecOptions;
import io.containerkit.runtime.OciRuntime;
import io.containerkit.spec.ProcessSpec;
import java.nio.file.Path;

/// This library as a contender: what its users call, in the JVM of the comparison.
final class Library {

  private final OciRuntime runtime;

  Library(Path program, Path root) {
    runtime = OciRuntime.builder(program.toString()).root(root).build();
  }

  /// Has the JVM compile what the library does, as it has in a program that runs for long.
  ///
  /// @param instant a runtime that does nothing
  static void warmUp(Path instant, Path root, Path bundle, int rounds) throws InterruptedException {
    Library library = new Library(instant, root);
    ProcessSpec process = Workspace.process("/bin/true");
    for (int round = 0; round < rounds; round++) {
      String id = "warm-" + round;
      library.lifecycle(id, bundle);
      library.exec(id, process);
    }
  }

  /// Creates, starts, waits for and deletes a container.
  Iteration lifecycle(String id, Path bundle) throws InterruptedException {
    long begin = System.nanoTime();
    try (ContainerProcess process = runtime.create(id, bundle, CreateOptions.defaults())) {
      long created = System.nanoTime();
      runtime.start(id);
      long started = System.nanoTime();
      ExitStatus status = process.waitFor();
      long exited = System.nanoTime();
      runtime.delete(id);
      long deleted = System.nanoTime();
      return Iteration.ofInstants(status.shellCode(), exited, begin, created, started, exited, deleted);
    }
  }

  /// Runs a process in a container and waits for it.
  Iteration exec(String id, ProcessSpec spec) throws InterruptedException {
    long begin = System.nanoTime();
    try (ContainerProcess process = runtime.exec(id, spec, ExecOptions.defaults())) {
      ExitStatus status = process.waitFor();
      long exited = System.nanoTime();
      return Iteration.ofInstants(status.shellCode(), exited, begin, exited);
    }
  }

  /// Starts a container that runs until it is closed.
  Running run(String id, Path bundle, CreateOptions options) {
    ContainerProcess process = runtime.create(id, bundle, options);
    runtime.start(id);
    return new Running(id, process);
  }

  /// A container that runs.
  final class Running implements AutoCloseable {

    private final String id;
    private final ContainerProcess process;

    private Running(String id, ContainerProcess process) {
      this.id = id;
      this.process = process;
    }

    String id() {
      return id;
    }

    /// Kills and deletes it.
    @Override
    public void close() {
      runtime.deleteForcibly(id);
      process.close();
    }
  }
}
