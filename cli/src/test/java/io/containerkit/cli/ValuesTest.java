package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "123, 123",
    "1b, 1",
    "1k, 1024",
    "64m, 67108864",
    "64M, 67108864",
    "64mb, 67108864",
    "1.5g, 1610612736",
    "2t, 2199023255552",
    "8388607t, 9223370937343148032",
    "-1, -1"
  })
  void sizesAreInPowersOf1024(String text, long bytes) {
    assertThat(Values.bytes(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "b", "k", "-2", "-1k", "1kk", "1 k", "1e3", "0x10", "1..5", "9999999999999999999", "8388608t", "٣"})
  void whatIsNoSizeIsRefused(String text) {
    assertThatThrownBy(() -> Values.bytes(text))
        .isInstanceOfAny(NumberFormatException.class, ArithmeticException.class);
  }

  @ParameterizedTest
  @CsvSource({"10, 10000", "0, 0", "250ms, 250", "1.5s, 1500", "1m30s, 90000", "2h, 7200000", "0.5, 500"})
  void timesHaveUnitsOrAreSeconds(String text, long millis) {
    assertThat(Values.duration(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "-1", "1m30", "10 s", "1d", "1e9", "99999999999999999999h"})
  void whatIsNoTimeIsRefused(String text) {
    assertThatThrownBy(() -> Values.duration(text))
        .isInstanceOfAny(NumberFormatException.class, ArithmeticException.class);
  }

  @Test
  void aShortTextNeverBecomesAHugeNumber() {
    Reading.assertRefused(
        "run --rootfs / --cpus 1e999999999 -- true",
        "run: --cpus: \"1e999999999\" is not a number of processors, such as 0.5 or 2");
  }
}
