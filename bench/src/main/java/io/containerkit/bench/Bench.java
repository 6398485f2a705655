package io.containerkit.bench;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Compares the library and the command with their peers, and prints what it found as Markdown.
///
/// `bench/run` builds all that this needs and starts it.
public final class Bench {

  private static final int WARM_UP = 30;

  /// Before a cold command. A process that is let into a control group right after another need not wait for a grace period of the
  /// kernel (docs/decisions/0009), and whoever came first would pay for the next.
  private static final Duration REST = Duration.ofMillis(200);

  /// How often the library drives a runtime that does nothing, for each counted round.
  private static final int INSTANT_ROUNDS = 5;

  private final Options options;
  private final Workspace workspace;
  private final PrintStream out;
  private final List<Target> targets = new ArrayList<>();

  Bench(Options options, Workspace workspace, PrintStream out) {
    this.options = options;
    this.workspace = workspace;
    this.out = out;
  }

  /// Runs the sections that the command line names, and prints at the end which promises were kept.
  ///
  /// @param arguments as [Options#USAGE] tells
  public static void main(String[] arguments) throws Exception {
    if (List.of(arguments).contains("--help")) {
      System.out.print(Options.USAGE);
      return;
    }
    try {
      Options options = Options.parse(arguments);
      try (Workspace workspace = Workspace.create(options.peers())) {
        new Bench(options, workspace, System.out).run();
      }
    } catch (BenchException e) {
      System.err.println("bench: " + e.getMessage());
      System.exit(1);
    }
  }

  void run() throws Exception {
    say(Machine.describe(options.runtimes()) + "\n");
    Library.warmUp(
        options.peers().resolve("instant"),
        workspace.directory("root-instant"),
        workspace.bundle("/bin/true"),
        INSTANT_ROUNDS * options.rounds());
    for (Section section : options.sections()) {
      section.run(this);
    }
    if (!targets.isEmpty()) {
      say(Target.draw(targets));
    }
  }

  Options options() {
    return options;
  }

  Workspace workspace() {
    return workspace;
  }

  /// Compares contenders that are processes of their own, or threads of this one, that have run before.
  Comparison compareWarm(String title, List<String> phases, List<Contender> contenders) throws InterruptedException {
    return new Interleave(Math.min(WARM_UP, options.rounds()), options.rounds()).run(title, phases, contenders);
  }

  /// Compares contenders that start anew each time.
  Comparison compareCold(String title, List<String> phases, List<Contender> contenders) throws InterruptedException {
    return new Interleave(1, options.coldRounds(), REST).run(title, phases, contenders);
  }

  void say(String text) {
    out.println(text);
  }

  void promise(Target target) {
    targets.add(target);
  }

  /// The promises that were measured so far.
  List<Target> targets() {
    return List.copyOf(targets);
  }
}
