package io.containerkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.KernelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class MemoryEventsTest {

  @TempDir Path directory;
  private final Semaphore notices = new Semaphore(0);

  /// A file that changes as the kernel's does, for the machine under test has no memory controller in its unified hierarchy.
  @Test
  void tellsOfEachKillOnVersionTwo() throws Exception {
    Path events = Files.writeString(directory.resolve("memory.events"), "max 3\noom_kill 2\n");
    try (MemoryEvents _ = MemoryEvents.listen(directory, EventLoop.shared(), notices::release)) {
      assertThat(notices.tryAcquire()).isFalse();
      overwrite(events, "max 3\noom_kill 3\n");
      notices.acquire();
      overwrite(events, "max 9\noom_kill 3\n");
      overwrite(events, "max 9\noom_kill 4\n");
      notices.acquire();
    }
    overwrite(events, "max 9\noom_kill 5\n");
    assertThat(notices.tryAcquire(100, TimeUnit.MILLISECONDS)).isFalse();
  }

  /// In one write, as the kernel does: an emptied file would stand for no kill.
  private static void overwrite(Path events, String text) {
    KernelFile.write(events, text);
  }

  @Test
  void tellsOfARealKillOnVersionOneAndNotOfTheGroupsEnd() throws Exception {
    Path cgroup = Path.of("/sys/fs/cgroup/memory/containerkit-memory-" + ProcessHandle.current().pid());
    Files.createDirectory(cgroup);
    try (MemoryEvents _ = MemoryEvents.listen(cgroup, EventLoop.shared(), notices::release)) {
      KernelFile.write(cgroup.resolve("memory.limit_in_bytes"), "8388608");
      Child eater = Spawn.of("sh", "-c", "echo $$ > " + cgroup + "/cgroup.procs; exec tail /dev/zero").start();

      assertThat(eater.waitFor()).isEqualTo(new ExitStatus.Signaled(Signal.KILL, false));
      notices.acquire();
      notices.drainPermits();
      Files.delete(cgroup);
      assertThat(notices.tryAcquire(100, TimeUnit.MILLISECONDS)).isFalse();
    } finally {
      Files.deleteIfExists(cgroup);
    }
  }

  @Test
  void reportsNotFoundWhereThereIsNoMemoryController() {
    assertThatThrownBy(() -> MemoryEvents.listen(directory, EventLoop.shared(), notices::release))
        .isInstanceOfSatisfying(KernelException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND));
  }
}
