package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LimitTest {

  @Test
  void readsTheFormsOfBothVersions() {
    assertThat(Limit.parse("max")).isEqualTo(Limit.unlimited());
    assertThat(Limit.parse("0")).isEqualTo(Limit.of(0));
    assertThat(Limit.parse("18446744073709551615")).isEqualTo(Limit.of(-1));
    assertThatThrownBy(() -> Limit.parse("-1")).isInstanceOf(NumberFormatException.class);
    assertThatThrownBy(() -> Limit.parse("")).isInstanceOf(NumberFormatException.class);
  }

  @Test
  void takesTheLargestNumberOfPagesForNoLimit() {
    assertThat(Limit.parse("9223372036854771712").orUnlimitedIfHuge()).isEqualTo(Limit.unlimited());
    assertThat(Limit.parse("9223372036854710272").orUnlimitedIfHuge()).isEqualTo(Limit.unlimited());
    assertThat(Limit.parse("18446744073709551615").orUnlimitedIfHuge()).isEqualTo(Limit.unlimited());
    assertThat(Limit.parse("9223372036854710271").orUnlimitedIfHuge()).isEqualTo(Limit.of(9223372036854710271L));
  }

  @Test
  void writesWhatItReads() {
    assertThat(Limit.unlimited()).hasToString("max");
    assertThat(Limit.of(-2)).hasToString("18446744073709551614");
  }
}
