package io.containerkit.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExitStatusTest {

  @Test
  void decodesTheStatusOfWait() {
    assertThat(ExitStatus.ofWaitStatus(0x2500)).isEqualTo(new ExitStatus.Exited(37));
    assertThat(ExitStatus.ofWaitStatus(0xff00)).isEqualTo(new ExitStatus.Exited(255));
    assertThat(ExitStatus.ofWaitStatus(9)).isEqualTo(new ExitStatus.Signaled(Signal.KILL, false));
    assertThat(ExitStatus.ofWaitStatus(0x8b)).isEqualTo(new ExitStatus.Signaled(new Signal(11), true));
  }

  @Test
  void showsTheCodeOfAShell() {
    assertThat(new ExitStatus.Exited(3).shellCode()).isEqualTo(3);
    assertThat(new ExitStatus.Signaled(Signal.TERM, false).shellCode()).isEqualTo(143);
    assertThat(new ExitStatus.Unknown("lost").shellCode()).isEqualTo(255);
  }

  @Test
  void onlyACodeOfZeroIsSuccess() {
    assertThat(new ExitStatus.Exited(0).isSuccess()).isTrue();
    assertThat(new ExitStatus.Exited(1).isSuccess()).isFalse();
    assertThat(new ExitStatus.Unknown("lost").isSuccess()).isFalse();
  }
}
