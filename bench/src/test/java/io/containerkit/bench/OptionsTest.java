package io.containerkit.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class OptionsTest {

  @Test
  void everythingIsComparedUnlessSectionsAreNamed() {
    assertThat(Options.parse().sections()).isEqualTo(EnumSet.allOf(Section.class));
    assertThat(Options.parse("exec", "exit-latency").sections()).containsExactly(Section.EXEC, Section.EXIT_LATENCY);
  }

  @Test
  void namedRuntimesReplaceTheUsualOnes() {
    assertThat(Options.parse().runtimes()).containsExactly("crun", "runc");
    assertThat(Options.parse("--runtime", "runc").runtimes()).containsExactly("runc");
  }

  @Test
  void coldRoundsAreATenthButThreeAtLeast() {
    assertThat(Options.parse("--rounds", "500").coldRounds()).isEqualTo(50);
    assertThat(Options.parse("--rounds", "1").coldRounds()).isEqualTo(3);
  }

  @Test
  void whatIsNotUnderstoodIsNamedWithTheUsage() {
    assertThatThrownBy(() -> Options.parse("--rounds", "many")).hasMessageContaining("--rounds").hasMessageContaining("many");
    assertThatThrownBy(() -> Options.parse("--rounds")).hasMessageContaining("--rounds needs a value");
    assertThatThrownBy(() -> Options.parse("lifecycles")).hasMessageContaining("lifecycles").hasMessageContaining("usage:");
  }
}
