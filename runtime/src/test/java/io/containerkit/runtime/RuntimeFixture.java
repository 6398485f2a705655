package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.Signal;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.State;
import io.containerkit.testing.LeavesNothing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A runtime with directories of its own for each test, which must leave nothing behind.
@Timeout(60)
@LeavesNothing
abstract class RuntimeFixture {

  @TempDir Path directory;
  OciRuntime runtime;
  Bundles bundles;

  /// The runtime under test, but for its directories.
  abstract OciRuntimeBuilder builder(Path directory) throws Exception;

  /// How a process that a signal has ended shows. A sandbox tells it by its code.
  ExitStatus killedBy(Signal signal) {
    return new ExitStatus.Signaled(signal, false);
  }

  /// The commands that were run so far, where the runtime writes them down.
  List<String> calls() throws IOException {
    return List.of();
  }

  @BeforeEach
  void prepare() throws Exception {
    bundles = new Bundles(directory);
    runtime = builder(directory).root(directory.resolve("runtime/root")).workDirectory(directory.resolve("work")).build();
    runtime.dialect();
    runtime.list();
  }

  @AfterEach
  void noContainerIsLeft() {
    List<State> left = runtime.list();
    // A test that failed half-way must not make the next ones fail.
    left.forEach(container -> runtime.deleteForcibly(container.id()));
    assertThat(left).isEmpty();
  }

  ContainerProcess running(String id, String script) {
    ContainerProcess process = runtime.create(id, bundles.script(id, script), Stdio.none());
    runtime.start(id);
    return process;
  }

  static void assertFails(ErrorKind kind, ThrowingCallable call) {
    assertThatExceptionOfType(CommandException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
  }

  void stopAndDelete(ContainerProcess process) throws InterruptedException {
    process.signal(Signal.KILL);
    process.waitFor();
    runtime.delete(process.containerId());
    process.close();
  }

  /// Waits until the shell has come to its loop, and so has set its trap.
  void awaitTrap(ContainerProcess process) throws Exception {
    while (runtime.ps(process.containerId()).size() < 2 && !trapIsSet(process.pid())) {
      Thread.onSpinWait();
    }
  }

  private static boolean trapIsSet(int pid) throws Exception {
    String status = Files.readString(Path.of("/proc/" + pid + "/status"));
    // Bit 14 of the caught or ignored signals is SIGTERM.
    return status
        .lines()
        .filter(line -> line.startsWith("SigCgt:") || line.startsWith("SigIgn:"))
        .anyMatch(line -> (Long.parseUnsignedLong(line.substring(8).strip(), 16) >> 14 & 1) == 1);
  }
}
