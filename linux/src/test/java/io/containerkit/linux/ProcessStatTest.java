package io.containerkit.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ProcessStatTest {

  @Test
  void countsTheFieldsFromTheLastParenthesis() {
    String fields = String.join(" ", Arrays.stream(new int[30]).mapToObj(_ -> "0").toList());
    assertThat(ProcessStat.parse("4711 (a) b) S 1 (x) R " + fields).command()).isEqualTo("a) b) S 1 (x");
    assertThat(ProcessStat.parse("4711 (ab) D 17 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 987654321 23 24\n"))
        .isEqualTo(new ProcessStat(4711, "ab", 'D', 17, 987654321));
  }

  @Test
  void readsThisProcess() {
    ProcessHandle self = ProcessHandle.current();
    ProcessStat stat = ProcessStat.of((int) self.pid()).orElseThrow();
    assertThat(stat.pid()).isEqualTo((int) self.pid());
    assertThat(stat.parent()).isEqualTo((int) self.parent().orElseThrow().pid());
    assertThat(stat.isAlive()).isTrue();
    assertThat(stat.startTime()).isPositive();
  }

  @Test
  void aProcessThatIsNotThereHasNone() {
    assertThat(ProcessStat.of(Integer.MAX_VALUE)).isEmpty();
  }

  @Test
  void zombiesAndTheDeadAreNotAlive() {
    for (char state : "RSDTtI".toCharArray()) {
      assertThat(new ProcessStat(1, "x", state, 0, 1).isAlive()).isTrue();
    }
    for (char state : "ZXx".toCharArray()) {
      assertThat(new ProcessStat(1, "x", state, 0, 1).isAlive()).isFalse();
    }
  }
}
