package io.containerkit.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Runs ckit as users do, as a process of its own, with a state directory of its own.
final class Ckit {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  /// How a run of ckit ended.
  record Result(int code, String out, String err) {}

  private final Path state;
  private final List<String> flags;

  /// @param state the state directory
  /// @param flags what stands before each command
  Ckit(Path state, String... flags) {
    this.state = state;
    this.flags = List.of(flags);
  }

  /// The command line, for whoever starts it otherwise. It has every signal at its default: where the tests run in the background, an
  /// interrupt is ignored, and a program that is started so never hears of it.
  List<String> words(String... words) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "/usr/bin/env",
                "--default-signal",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "--enable-native-access=io.containerkit.linux,com.github.luben.zstd_jni",
                "-p",
                Objects.requireNonNull(System.getProperty("jdk.module.path"), "the tests run on the module path"),
                "-m",
                "io.containerkit.cli/io.containerkit.cli.Main",
                "--root",
                state.toString()));
    all.addAll(flags);
    all.addAll(List.of(words));
    return all;
  }

  Process start(String... words) {
    try {
      return new ProcessBuilder(words(words)).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Runs a command to its end.
  Result run(String... words) {
    return finish(start(words), "");
  }

  Result runWithInput(String input, String... words) {
    return finish(start(words), input);
  }

  /// Waits for the end of a started command.
  static Result finish(Process process, String input) {
    CompletableFuture<byte[]> out = CompletableFuture.supplyAsync(() -> all(process.getInputStream()));
    CompletableFuture<byte[]> err = CompletableFuture.supplyAsync(() -> all(process.getErrorStream()));
    try {
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("ckit did not end: " + process.info().commandLine().orElse(""));
      }
      return new Result(process.exitValue(), text(out), text(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new AssertionError(e);
    }
  }

  /// Runs another program in a directory, which is its home, too; it must succeed.
  ///
  /// @return what it printed
  static String other(Path directory, String... words) {
    ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
    builder.environment().put("HOME", directory.toString());
    try {
      Result result = finish(builder.start(), "");
      if (result.code() != 0) {
        throw new AssertionError(String.join(" ", words) + ": " + result.err());
      }
      return result.out();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Waits until nobody cleans up in a state directory any more: a lifeline goes on for a moment after its ckit has ended.
  static void awaitLifelines(Path state) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (ProcessHandle.allProcesses().anyMatch(process -> isLifeline(process, state))) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("a lifeline is still at work in " + state);
      }
      Thread.onSpinWait();
    }
  }

  private static boolean isLifeline(ProcessHandle process, Path state) {
    try {
      String command = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1);
      return command.contains("\0containerkit-lifeline\0") && command.contains("\0" + state + "\0");
    } catch (IOException gone) {
      return false;
    }
  }

  private static String text(CompletableFuture<byte[]> bytes) {
    return new String(bytes.join(), StandardCharsets.UTF_8);
  }

  private static byte[] all(java.io.InputStream stream) {
    try {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
