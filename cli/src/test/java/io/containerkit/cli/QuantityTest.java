package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.runtime.Limit;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0B", "1023, 1023B", "1024, 1K", "1536, 1.5K", "67108864, 64M", "1048575, 1M", "-1, 16E"
  })
  void sizesAreShort(long bytes, String text) {
    assertThat(Quantity.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0, 0ms", "850, 850ms", "12500, 12.5s", "59949, 59.9s", "200000, 3m20s", "18420000, 5h07m"})
  void timesAreShort(long millis, String text) {
    assertThat(Quantity.time(Duration.ofMillis(millis))).isEqualTo(text);
  }

  @Test
  void limitsThatAreNoneAreSaid() {
    assertThat(Quantity.limit(new Limit.Bounded(1 << 20))).isEqualTo("1M");
    assertThat(Quantity.limit(new Limit.Unlimited())).isEqualTo("unlimited");
    assertThat(Quantity.limit(new Limit.Unknown())).isEqualTo("-");
    assertThat(Quantity.count(new Limit.Bounded(100))).isEqualTo("100");
    assertThat(Quantity.percent(0.125)).isEqualTo("12.5%");
  }
}
