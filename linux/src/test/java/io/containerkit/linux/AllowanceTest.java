package io.containerkit.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Holds what is said to be allowed against what a child can really take.
class AllowanceTest {

  @Test
  void aChildCanHaveTheHighestLimitAndNoHigherOne() throws Exception {
    long highest = Allowance.highestLimit("RLIMIT_NOFILE");
    assertThat(highest).isPositive();
    assertThat(works("ulimit -H -n " + highest)).isTrue();
    assertThat(works("ulimit -H -n " + (highest + 1))).isFalse();
  }

  @Test
  void aLimitThatIsNotKnownIsNotBounded() {
    assertThat(Allowance.highestLimit("RLIMIT_OF_TOMORROW")).isEqualTo(Allowance.UNLIMITED);
  }

  @Test
  void aChildCanHaveTheScoreThatIsGivenInPlaceOfAnother() throws Exception {
    assertThat(Allowance.oomScoreAdj(1000)).isEqualTo(1000);
    int least = Allowance.oomScoreAdj(-1000);
    assertThat(works("echo " + least + " > /proc/self/oom_score_adj")).isTrue();
    assertThat(least == -1000 || !works("echo -1000 > /proc/self/oom_score_adj")).isTrue();
  }

  private static boolean works(String script) throws InterruptedException {
    return Spawn.of("/bin/sh", "-c", script).start().waitFor().isSuccess();
  }
}
