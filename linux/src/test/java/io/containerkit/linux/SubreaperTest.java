package io.containerkit.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    try (Subreaper _ = new Subreaper(INTERVAL);
        PidFd orphan = orphan()) {
      while (ProcessStat.of(orphan.pid()).orElseThrow().parent() != self) {
        Thread.onSpinWait();
      }
      assertThat(orphan.signal(Signal.TERM)).isTrue();
      assertThat(EventLoop.shared().waitFor(orphan)).isEqualTo(new ExitStatus.Signaled(Signal.TERM, false));
      while (ProcessStat.of(orphan.pid()).isPresent()) {
        Thread.onSpinWait();
      }
    }
    try (PidFd later = orphan()) {
      while (ProcessStat.of(later.pid()).orElseThrow().parent() == self) {
        Thread.onSpinWait();
      }
      assertThat(later.signal(Signal.KILL)).isTrue();
      assertThat(EventLoop.shared().waitFor(later)).isEqualTo(new ExitStatus.Signaled(Signal.KILL, false));
    }
  }

  /// Looks so often that a child is a zombie in several looks before the JDK's own thread gets to it.
  @Test
  void stealsNoChildrenOfProcessBuilder() throws Exception {
    try (Subreaper _ = new Subreaper(Duration.ofMillis(1))) {
      List<Process> processes = new ArrayList<>();
      for (int code = 0; code < 100; code++) {
        processes.add(new ProcessBuilder("/bin/sh", "-c", "read line; exit " + code).redirectErrorStream(true).start());
      }
      for (Process process : processes) {
        while (!Subreaper.isAwaitedByTheJdk((int) process.pid())) {
          Thread.onSpinWait();
        }
      }
      for (Process process : processes) {
        process.getOutputStream().close();
      }
      for (int code = 0; code < 100; code++) {
        Process process = processes.get(code);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(code);
        process.getInputStream().close();
      }
    }
  }

  private static PidFd orphan() throws Exception {
    return PidFd.open(Integer.parseInt(SpawnTest.output(Spawn.of("/bin/sh", "-c", "sleep 100 >/dev/null & echo $!")).strip()));
  }
}
