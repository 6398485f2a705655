package io.containerkit.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SubreaperTest {

  private static final Duration INTERVAL = Duration.ofMillis(200);

  private Leaks leaks;

  @BeforeEach
  void watch() throws InterruptedException {
    leaks = Leaks.watch();
  }

  @AfterEach
  void nothingIsLeft() {
    leaks.close();
  }

  @Test
  void adoptsOrphansLearnsHowTheyEndedAndReapsThem() throws Exception {
    int self = (int) ProcessHandle.current().pid();
    try (Subreaper subreaper = new Subreaper(INTERVAL);
        PidFd orphan = orphan()) {
      while (ProcessStat.of(orphan.pid()).orElseThrow().parent() != self) {
        Thread.onSpinWait();
      }
      assertThat(orphan.signal(Signal.TERM)).isTrue();
      assertThat(EventLoop.shared().waitFor(orphan)).isEqualTo(new ExitStatus.Signaled(Signal.TERM, false));
      while (ProcessStat.of(orphan.pid()).isPresent()) {
        Thread.onSpinWait();
      }
      assertThat(subreaper).isNotNull();
    }
    try (PidFd later = orphan()) {
      while (ProcessStat.of(later.pid()).orElseThrow().parent() == self) {
        Thread.onSpinWait();
      }
      assertThat(later.signal(Signal.KILL)).isTrue();
      assertThat(EventLoop.shared().waitFor(later)).isEqualTo(new ExitStatus.Signaled(Signal.KILL, false));
    }
  }

  @Test
  void stealsNoChildrenOfProcessBuilder() throws Exception {
    try (Subreaper subreaper = new Subreaper(Duration.ofMillis(20))) {
      for (int code = 0; code < 50; code++) {
        Process process = new ProcessBuilder("/bin/sh", "-c", "exit " + code).redirectErrorStream(true).start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(code);
        process.getInputStream().close();
        process.getOutputStream().close();
      }
      assertThat(subreaper).isNotNull();
    }
  }

  private static PidFd orphan() throws Exception {
    return PidFd.open(Integer.parseInt(SpawnTest.output(Spawn.of("/bin/sh", "-c", "sleep 100 >/dev/null & echo $!")).strip()));
  }
}
