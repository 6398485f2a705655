package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {

  @ParameterizedTest
  @CsvSource({"run, run, 0", "rnu, run, 1", "run, rung, 1", "start, stat, 1", "stop, start, 3", "'', ab, 2", "kitten, sitting, 3"})
  void distanceCountsSlips(String from, String to, int distance) {
    assertThat(Suggestion.distance(from, to)).isEqualTo(distance);
    assertThat(Suggestion.distance(to, from)).isEqualTo(distance);
  }

  @Test
  void theNearestWordWinsAndAFarOneIsNoneAtAll() {
    List<String> words = List.of("start", "state", "stats", "stop", "ps");
    assertThat(Suggestion.word("sttae", words)).isEqualTo("state");
    assertThat(Suggestion.word("stopp", words)).isEqualTo("stop");
    assertThat(Suggestion.word("rm", words)).isEmpty();
    assertThat(Suggestion.word("x", words)).isEmpty();
    assertThat(Suggestion.word("", words)).isEmpty();
  }

  @Test
  void theStartOfAWordIsEnough() {
    assertThat(Suggestion.word("check", List.of("checkpoint"))).isEqualTo("checkpoint");
  }
}
