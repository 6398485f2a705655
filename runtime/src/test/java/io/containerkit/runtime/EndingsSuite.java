package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.Signal;
import io.containerkit.spec.ErrorKind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// What every runtime must do at the edges: when processes end early, take their time to end, or write more than anybody reads.
abstract class EndingsSuite extends RuntimeFixture {

  /// More than a pipe holds, and than a sandbox holds besides.
  private static final int MUCH = 4 << 20;

  @Test
  void anInitThatDiesBeforeItsStartIsKnownToBeDead() throws Exception {
    try (ContainerProcess process = runtime.create("early", bundles.script("early", "true"), Stdio.none())) {
      runtime.kill("early", Signal.KILL);
      assertThat(process.waitFor().shellCode()).isEqualTo(137);
      assertThat(process.isAlive()).isFalse();
      assertFails(ErrorKind.NOT_RUNNING, () -> runtime.start("early"));
      runtime.delete("early");
    }
  }

  @Test
  void whatWasWrittenBeforeTheExitIsReadAfterIt() throws Exception {
    String script = "head -c 60000 /dev/zero; exit 2";
    try (ContainerProcess process = runtime.create("late", bundles.script("late", script), Stdio.output())) {
      runtime.start("late");
      assertThat(process.waitFor()).isEqualTo(new ExitStatus.Exited(2));
      runtime.delete("late");
      assertThat(process.stdout().readAllBytes().length).isEqualTo(60_000);
      assertThat(process.outputCut()).isFalse();
    }
  }

  @Test
  void aReaderThatStandsStillBlocksTheProcessAndLosesNothing() throws Exception {
    String script = "head -c " + MUCH + " /dev/zero";
    try (ContainerProcess process = runtime.create("full", bundles.script("full", script), Stdio.output())) {
      runtime.start("full");
      assertThat(process.waitFor(Duration.ofMillis(500))).isEmpty();
      assertThat(process.stdout().readAllBytes().length).isEqualTo(MUCH);
      assertThat(process.waitFor()).isEqualTo(new ExitStatus.Exited(0));
      runtime.delete("full");
    }
  }

  @Test
  void aRealTimeSignalArrivesByItsNumber() throws Exception {
    Signal signal = Signal.of("RTMIN+3");
    String script = "trap 'exit 6' " + signal.number() + "; echo ready; while true; do sleep 0.01; done";
    try (ContainerProcess process = runtime.create("realtime", bundles.script("realtime", script), Stdio.output())) {
      runtime.start("realtime");
      assertThat(process.stdout().read()).isEqualTo('r');
      assertThat(runtime.kill("realtime", signal)).isTrue();
      assertThat(process.waitFor()).isEqualTo(new ExitStatus.Exited(6));
      runtime.delete("realtime");
    }
  }

  @Test
  void ofTwoWhoStopTheLessPatientWins() throws Exception {
    ContainerProcess init = running("stubborn", "trap '' TERM; while true; do sleep 0.01; done");
    awaitTrap(init);
    CompletableFuture<ExitStatus> patient = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                patient.complete(runtime.stop(init, StopOptions.defaults().withGrace(Duration.ofMinutes(10))));
              } catch (InterruptedException | RuntimeException e) {
                patient.completeExceptionally(e);
              }
            });
    assertThat(runtime.stop(init, StopOptions.defaults().withGrace(Duration.ofMillis(50)))).isEqualTo(killedBy(Signal.KILL));
    assertThat(patient.get()).isEqualTo(killedBy(Signal.KILL));
    runtime.delete("stubborn");
    init.close();
  }
}
