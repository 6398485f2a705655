package io.containerkit.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The end of a process that is not our child and whose parent never reaps it.
@Timeout(60)
class ZombieTest {

  private static final Duration SOON = Duration.ofSeconds(20);

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
  void itsExitCodeIsKnown() throws Exception {
    assertThat(exitOf("exit 37")).contains(new ExitStatus.Exited(37));
    assertThat(exitOf("exit 0")).contains(new ExitStatus.Exited(0));
  }

  @Test
  void itsSignalIsKnown() throws Exception {
    assertThat(exitOf("kill -KILL $$")).contains(new ExitStatus.Signaled(Signal.KILL, false));
  }

  /// Runs a script below a parent that tells the script's pid and then becomes a program that does not know of it. The script is held
  /// back until that has come to pass.
  private static Optional<ExitStatus> exitOf(String script) throws Exception {
    try (Pipe told = Pipe.open();
        Pipe held = Pipe.open()) {
      Child parent =
          Spawn.of("/bin/sh", "-c", "sh -c 'read go; " + script + "' <&3 >/dev/null & echo $!; exec sleep 100 >/dev/null")
              .descriptor(1, told.writeEnd())
              .descriptor(3, held.readEnd())
              .start();
      told.writeEnd().close();
      try (InputStream pids = FdInputStream.of(told.readEnd())) {
        String pid = new String(pids.readAllBytes(), StandardCharsets.US_ASCII).strip();
        try (PidFd orphan = PidFd.open(Integer.parseInt(pid))) {
          held.writeEnd().close();
          return EventLoop.shared().waitFor(orphan, SOON);
        }
      } finally {
        parent.signal(Signal.KILL);
        parent.waitFor();
      }
    }
  }
}
