package io.containerkit.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterleaveTest {

  private final List<String> turns = new ArrayList<>();

  @Test
  void contendersTakeTurnsAndEachRoundBeginsWithAnother() throws Exception {
    new Interleave(1, 2).run("turns", List.of("all"), List.of(taking("a", 1), taking("b", 1)));
    assertThat(turns).containsExactly("b", "a", "a", "b", "b", "a");
  }

  @Test
  void warmUpIsNotCounted() throws Exception {
    Comparison comparison = new Interleave(5, 3).run("warm-up", List.of("all"), List.of(taking("a", 1)));
    assertThat(comparison.row("a").iterations()).hasSize(3);
  }

  @Test
  void ratiosAreToTheFirstContender() throws Exception {
    Comparison comparison =
        new Interleave(0, 3).run("ratios", List.of("one", "two"), List.of(taking("a", 100, 100), taking("b", 100, 110)));
    assertThat(comparison.ratioOfMedians(comparison.row("b"))).isCloseTo(1.05, within(1e-9));
    assertThat(comparison.medianOfRatios(comparison.row("b"))).isCloseTo(1.05, within(1e-9));
    assertThat(comparison.draw())
        .containsPattern("\\| ratios, ms \\| +one \\| +two \\| median \\|")
        .containsPattern("\\| b +\\| +0\\.00 \\|.* 1\\.050 \\| +1\\.050 \\|");
  }

  @Test
  void aProcessThatFailedEndsTheComparison() {
    Contender failing = new Contender("f", () -> new Iteration(3, 0, List.of(1L)));
    assertThatThrownBy(() -> new Interleave(0, 1).run("status", List.of("all"), List.of(failing)))
        .isInstanceOf(BenchException.class)
        .hasMessage("status: f ran a process that ended with status 3 instead of 0");
  }

  @Test
  void aContenderThatFailedEndsTheComparisonAndIsNamed() {
    Contender failing = new Contender("f", () -> {
      throw new IOException("broken");
    });
    assertThatThrownBy(() -> new Interleave(0, 1).run("failure", List.of("all"), List.of(failing)))
        .isInstanceOf(BenchException.class)
        .hasMessage("failure: f failed: broken")
        .hasCauseInstanceOf(IOException.class);
  }

  private Contender taking(String name, long... phases) {
    return new Contender(name, () -> {
      turns.add(name);
      return new Iteration(0, 0, Arrays.stream(phases).boxed().toList());
    });
  }
}
