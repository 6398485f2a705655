package io.containerkit.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SamplesTest {

  @Test
  void medianIsTheMiddleOrTheMeanOfTheTwoInTheMiddle() {
    assertThat(Samples.of(List.of(9, 1, 5)).median()).isEqualTo(5);
    assertThat(Samples.of(List.of(9, 1, 5, 6)).median()).isEqualTo(5.5);
  }

  @Test
  void percentileIsTheNearestRank() {
    Samples hundred = Samples.of(LongStream.rangeClosed(1, 100).boxed().toList());
    assertThat(hundred.percentile(99)).isEqualTo(99);
    assertThat(hundred.percentile(100)).isEqualTo(100);
    assertThat(hundred.percentile(0)).isEqualTo(1);
    assertThat(Samples.of(List.of(7)).percentile(99)).isEqualTo(7);
  }

  @Test
  void noSamplesHaveNoMedian() {
    assertThatThrownBy(() -> Samples.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }
}
