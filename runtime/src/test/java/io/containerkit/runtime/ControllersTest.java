package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ControllersTest {

  @Test
  void findsNothingOfAProcessThatIsGoneOrOurs() {
    assertThat(Controllers.of((int) ProcessHandle.current().pid()).none()).isTrue();
    assertThat(Controllers.of(Integer.MAX_VALUE).none()).isTrue();
  }
}
