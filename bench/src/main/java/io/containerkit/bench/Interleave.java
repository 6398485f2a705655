package io.containerkit.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Runs contenders in turn, round after round, so that whatever else the machine does falls on all of them.
///
/// Each round begins with another contender: none of them always runs in the wake of the same one.
///
/// @param warmUp rounds that are not counted
/// @param rounds rounds that are
/// @param rest how long the machine is left alone before each turn
record Interleave(int warmUp, int rounds, Duration rest) {

  /// One turn right after the other.
  Interleave(int warmUp, int rounds) {
    this(warmUp, rounds, Duration.ZERO);
  }

  /// Returns the iterations of each contender, in the order of rounds.
  ///
  /// @throws BenchException if a process did not end with status 0, or a contender failed
  Comparison run(String title, List<String> phases, List<Contender> contenders) throws InterruptedException {
    int count = contenders.size();
    List<List<Iteration>> iterations = IntStream.range(0, count).<List<Iteration>>mapToObj(_ -> new ArrayList<>()).toList();
    for (int round = -warmUp; round < rounds; round++) {
      for (int turn = 0; turn < count; turn++) {
        int index = Math.floorMod(round + turn, count);
        Thread.sleep(rest);
        Iteration iteration = once(title, contenders.get(index));
        if (round >= 0) {
          iterations.get(index).add(iteration);
        }
      }
    }
    return new Comparison(
        title,
        phases,
        IntStream.range(0, count).mapToObj(i -> new Comparison.Row(contenders.get(i).name(), iterations.get(i))).toList());
  }

  private static Iteration once(String title, Contender contender) throws InterruptedException {
    Iteration iteration;
    try {
      iteration = contender.work().once();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw new BenchException("%s: %s failed: %s".formatted(title, contender.name(), e.getMessage()), e);
    }
    if (iteration.status() != 0) {
      throw new BenchException("%s: %s ran a process that ended with status %d instead of 0"
          .formatted(title, contender.name(), iteration.status()));
    }
    return iteration;
  }
}
