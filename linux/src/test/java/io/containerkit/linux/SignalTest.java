package io.containerkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalTest {

  @ParameterizedTest
  @CsvSource({
    "TERM, 15, SIGTERM", "SIGTERM, 15, SIGTERM", "sigterm, 15, SIGTERM", "15, 15, SIGTERM", "9, 9, SIGKILL", "HUP, 1, SIGHUP",
    "SYS, 31, SIGSYS", "IOT, 6, SIGABRT", "POLL, 29, SIGIO", "CLD, 17, SIGCHLD", "RTMIN, 34, SIGRTMIN", "RTMIN+3, 37, SIGRTMIN+3",
    "SIGRTMAX, 64, SIGRTMIN+30", "RTMAX-1, 63, SIGRTMIN+29", "64, 64, SIGRTMIN+30", "33, 33, SIG33"
  })
  void readsNamesAndNumbers(String text, int number, String name) {
    Signal signal = Signal.of(text);
    assertThat(signal.number()).isEqualTo(number);
    assertThat(signal.name()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "SIG", "0", "65", "-1", "NOPE", "RTMIN-1", "RTMIN+31", "RTMAX+1", "RTMIN+", "RTMIN+x", "99999999999"})
  void refusesWhatIsNoSignal(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Signal.of(text));
  }

  @Test
  void everyNameReadsBackAsItself() {
    for (int number = 1; number <= 64; number++) {
      Signal signal = new Signal(number);
      if (number != 32 && number != 33) {
        assertThat(Signal.of(signal.name())).isEqualTo(signal);
      }
    }
  }
}
