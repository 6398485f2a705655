package io.containerkit.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Runs ckit inside of this JVM, which is quicker than a process of its own. For commands that print by themselves: what a container in
/// the foreground prints would go to this JVM's output.
final class Inside {

  private final List<String> flags;

  /// @param state the state directory
  /// @param flags what stands before each command
  Inside(Path state, String... flags) {
    this.flags = new ArrayList<>(List.of("--root", state.toString()));
    this.flags.addAll(List.of(flags));
  }

  /// Runs a command to its end.
  Ckit.Result run(String... words) {
    return new Running(words).finish();
  }

  /// Starts a command that prints until something ends.
  Running start(String... words) {
    return new Running(words);
  }

  /// A command on a thread of its own.
  final class Running {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> code;

    private Running(String... words) {
      List<String> line = new ArrayList<>(flags);
      line.addAll(List.of(words));
      code =
          CompletableFuture.supplyAsync(
              () -> Main.run(new Session(utf8(out), utf8(err)), line.toArray(String[]::new)), task -> Thread.ofPlatform().start(task));
    }

    /// What it has printed so far.
    String out() {
      return out.toString(StandardCharsets.UTF_8);
    }

    Ckit.Result finish() {
      int ended = code.orTimeout(Ckit.PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS).join();
      return new Ckit.Result(ended, out(), err.toString(StandardCharsets.UTF_8));
    }
  }

  private static PrintStream utf8(ByteArrayOutputStream to) {
    return new PrintStream(to, false, StandardCharsets.UTF_8);
  }
}
