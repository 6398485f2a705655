package io.containerkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTest {

  private final Token own = Token.ofThisProcess(3);

  @Test
  void thisProcessIsAlive() {
    assertThat(own.isAlive()).isTrue();
  }

  @Test
  void theTextReadsBack() {
    assertThat(Token.parse(own.toString())).contains(own);
    assertThat(own.toString()).matches("[0-9a-z.]+").hasSizeLessThan(48);
  }

  @Test
  void anotherStartTimeIsAnotherProcess() {
    assertThat(new Token(own.boot(), own.pid(), own.start() + 1, 3).isAlive()).isFalse();
  }

  @Test
  void anotherBootIsDead() {
    assertThat(new Token("0123456789ab", own.pid(), own.start(), 3).isAlive()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "detached", "a.b.c.d", "a.1.2", "a.1.2.3.4", "a.99999999999.1.1"})
  void otherTextIsNoToken(String text) {
    assertThat(Token.parse(text)).isEmpty();
  }
}
