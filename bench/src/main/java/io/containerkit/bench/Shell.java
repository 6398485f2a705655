package io.containerkit.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Runs the few programs that a comparison needs around itself.
final class Shell {

  private Shell() {}

  /// Runs a program to its end and returns what it printed.
  ///
  /// @throws BenchException if it ends with another status than 0
  static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    int status = await(process);
    if (status != 0) {
      throw new BenchException("%s: %s (exit %d)".formatted(String.join(" ", List.of(command)), output, status));
    }
    return output;
  }

  /// Waits for a process that is about to end. An interrupt kills it, and is kept.
  static int await(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted while waiting for process " + process.pid(), e);
    }
  }
}
