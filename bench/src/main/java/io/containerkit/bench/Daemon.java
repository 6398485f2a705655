package io.containerkit.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A server of our own for the time of a comparison.
final class Daemon implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(20);

  private final Process process;

  private Daemon(Process process) {
    this.process = process;
  }

  /// Whether a server serves.
  interface Readiness {
    boolean isThere() throws IOException;
  }

  /// Starts it and waits until it serves.
  ///
  /// @param log gets what it prints
  static Daemon start(Path log, Readiness readiness, String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Daemon daemon = new Daemon(process);
    long deadline = System.nanoTime() + START.toNanos();
    while (!readiness.isThere()) {
      if (process.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
        daemon.close();
        throw new BenchException(command[0] + " did not start: " + Files.readString(log));
      }
    }
    return daemon;
  }

  /// The processor time that it has taken so far, in nanoseconds.
  long processorTime() {
    return process.info().totalCpuDuration().orElseThrow().toNanos();
  }

  /// The largest resident memory that it has had, in bytes.
  long peakMemory() throws IOException {
    String peak = Machine.field(Path.of("/proc/" + process.pid() + "/status"), "VmHWM");
    return Long.parseLong(peak.substring(0, peak.indexOf(' '))) * 1024;
  }

  /// Ends it by SIGTERM.
  @Override
  public void close() {
    process.destroy();
    Shell.await(process);
  }
}
