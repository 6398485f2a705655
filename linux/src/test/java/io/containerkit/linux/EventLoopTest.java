package io.containerkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.KernelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EventLoopTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path directory;
  private Leaks leaks;
  private final EventLoop loop = EventLoop.shared();

  @BeforeEach
  void watch() throws InterruptedException {
    leaks = Leaks.watch();
  }

  @AfterEach
  void nothingIsLeft() {
    leaks.close();
  }

  @Test
  void aThousandChildrenAtOnceEachEndWithTheirOwnStatus() {
    List<CompletableFuture<ExitStatus>> exits = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      String command = i % 5 == 4 ? "kill -" + (i % 2 == 0 ? "KILL" : "TERM") + " $$" : "exit " + i % 256;
      exits.add(Spawn.of("/bin/sh", "-c", command).start().onExit());
    }
    for (int i = 0; i < 1000; i++) {
      ExitStatus expected =
          i % 5 == 4 ? new ExitStatus.Signaled(i % 2 == 0 ? Signal.KILL : Signal.TERM, false) : new ExitStatus.Exited(i % 256);
      assertThat(exits.get(i).join()).describedAs("child %d", i).isEqualTo(expected);
    }
  }

  @Test
  void manyThreadsSpawnAtOnce() throws Exception {
    List<CompletableFuture<ExitStatus>> exits = new ArrayList<>();
    CountDownLatch go = new CountDownLatch(1);
    for (int i = 0; i < 200; i++) {
      CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
      exits.add(exit);
      String command = "exit " + i;
      Thread.startVirtualThread(
          () -> {
            try {
              go.await();
              exit.complete(Spawn.of("/bin/sh", "-c", command).start().waitFor());
            } catch (InterruptedException | RuntimeException e) {
              exit.completeExceptionally(e);
            }
          });
    }
    go.countDown();
    for (int i = 0; i < 200; i++) {
      assertThat(exits.get(i).get(30, TimeUnit.SECONDS)).isEqualTo(new ExitStatus.Exited(i));
    }
  }

  /// The process is not our child: a shell starts it, says its pid, ends at once, and init (or whoever reaps) inherits it.
  @Test
  void tellsTheStatusOfAnOrphanThatIsNotOurChild() throws Exception {
    Path gate = fifo();
    int pid = orphan("read line <" + gate + "; exit 37");
    try (PidFd orphan = PidFd.open(pid)) {
      CompletableFuture<ExitStatus> exit = loop.onExit(orphan);
      assertThat(orphan.isAlive()).isTrue();
      assertThat(loop.waitFor(orphan, Duration.ofMillis(20))).isEmpty();
      Files.writeString(gate, "go\n");
      assertThat(exit.get(30, TimeUnit.SECONDS)).isEqualTo(new ExitStatus.Exited(37));
      assertThat(orphan.isAlive()).isFalse();
      assertThat(orphan.signal(Signal.KILL)).isFalse();
    }
  }

  @Test
  void tellsTheSignalThatEndedAnOrphan() throws Exception {
    try (PidFd orphan = PidFd.open(orphan("exec sleep 100"))) {
      CompletableFuture<ExitStatus> exit = loop.onExit(orphan);
      assertThat(orphan.signal(Signal.KILL)).isTrue();
      assertThat(exit.get(30, TimeUnit.SECONDS)).isEqualTo(new ExitStatus.Signaled(Signal.KILL, false));
    }
  }

  @Test
  void watchingAProcessThatHasEndedAndWasReapedTellsAtOnce() throws Exception {
    int pid = orphan("exec sleep 100");
    try (PidFd first = PidFd.open(pid);
        PidFd late = PidFd.open(pid)) {
      assertThat(first.signal(Signal.TERM)).isTrue();
      assertThat(loop.waitFor(first)).isEqualTo(new ExitStatus.Signaled(Signal.TERM, false));
      assertThat(loop.waitFor(late, LONG)).contains(new ExitStatus.Signaled(Signal.TERM, false));
    }
  }

  @Test
  void leavesTheChildrenOfProcessBuilderToIt() throws Exception {
    Process process = new ProcessBuilder("/bin/sh", "-c", "read line; exit 5").start();
    try (PidFd pidFd = PidFd.open((int) process.pid())) {
      CompletableFuture<ExitStatus> exit = loop.onExit(pidFd);
      process.getOutputStream().close();
      assertThat(process.waitFor()).isEqualTo(5);
      assertThat(exit.get(30, TimeUnit.SECONDS)).isEqualTo(new ExitStatus.Exited(5));
    }
    process.getInputStream().close();
    process.getErrorStream().close();
  }

  @Test
  void openingAProcessThatIsGoneSaysSo() throws Exception {
    Child child = Spawn.of("/bin/true").start();
    assertThat(child.waitFor().isSuccess()).isTrue();
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> PidFd.open(child.pid()))
        .withMessage("pidfd_open " + child.pid() + ": ESRCH (No such process)")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.NO_SUCH_PROCESS));
  }

  @Test
  void openingRefusesAProcessThatHasInheritedThePid() {
    int self = (int) ProcessHandle.current().pid();
    long startTime = ProcessStat.of(self).orElseThrow().startTime();
    PidFd.open(self, startTime).close();
    assertThatExceptionOfType(KernelException.class).isThrownBy(() -> PidFd.open(self, startTime + 1)).withMessageContaining("ESRCH");
  }

  @Test
  void closingAPidfdTellsWhoeverWaitsThatNobodyCanKnow() throws Exception {
    Child child = Spawn.of("/bin/sleep", "100").start();
    PidFd second = PidFd.open(child.pid());
    CompletableFuture<ExitStatus> exit = loop.onExit(second);
    second.close();
    assertThat(exit.join()).isInstanceOf(ExitStatus.Unknown.class);
    assertThat(loop.onExit(second).join()).isInstanceOf(ExitStatus.Unknown.class);
    assertThat(child.signal(Signal.KILL)).isTrue();
    assertThat(child.waitFor()).isEqualTo(new ExitStatus.Signaled(Signal.KILL, false));
  }

  @Test
  void slowSubscribersDoNotHoldOthersUp() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Child sleeper = Spawn.of("/bin/sleep", "100").start();
    CompletableFuture<Void> slow =
        sleeper.onExit().thenAccept(_ -> {
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    assertThat(sleeper.signal(Signal.KILL)).isTrue();
    assertThat(Spawn.of("/bin/true").start().waitFor(LONG)).contains(new ExitStatus.Exited(0));
    assertThat(slow).isNotDone();
    release.countDown();
    slow.join();
  }

  @Test
  void waitsUntilBytesAreThereOrTimeIsUp() throws Exception {
    try (Pipe pipe = Pipe.open()) {
      assertThat(loop.awaitReadable(pipe.readEnd(), Duration.ofMillis(10))).isFalse();
      assertThat(loop.awaitWritable(pipe.writeEnd(), LONG)).isTrue();
      CompletableFuture<Void> readable = loop.onReadable(pipe.readEnd());
      assertThat(readable).isNotDone();
      assertThat(pipe.writeEnd().write(new byte[] {1}, 0, 1)).isEqualTo(1);
      readable.get(30, TimeUnit.SECONDS);
      assertThat(loop.awaitReadable(pipe.readEnd(), LONG)).isTrue();
    }
  }

  @Test
  void closingADescriptorWakesWhoeverWaitsForIt() throws Exception {
    try (Pipe pipe = Pipe.open()) {
      CompletableFuture<Void> readable = loop.onReadable(pipe.readEnd());
      pipe.readEnd().close();
      assertThat(readable).isCompletedExceptionally();
      assertThatExceptionOfType(KernelException.class).isThrownBy(() -> loop.awaitReadable(pipe.readEnd(), LONG)).withMessageContaining("EBADF");
    }
  }

  @Test
  void aRegularFileCannotBeWaitedFor() throws Exception {
    try (Fd file = Fd.openToWrite(directory.resolve("file"), false)) {
      assertThatExceptionOfType(KernelException.class).isThrownBy(() -> loop.awaitWritable(file, LONG)).withMessageContaining("EPERM");
      assertThatExceptionOfType(KernelException.class).isThrownBy(() -> loop.awaitWritable(file, LONG)).withMessageContaining("EPERM");
    }
  }

  @Test
  void aLoopOfItsOwnEndsWithItsThread() throws Exception {
    try (Pipe pipe = Pipe.open()) {
      CompletableFuture<Void> readable;
      try (EventLoop own = new EventLoop()) {
        Child child = Spawn.of("/bin/sh", "-c", "exit 3").loop(own).start();
        assertThat(child.waitFor()).isEqualTo(new ExitStatus.Exited(3));
        readable = own.onReadable(pipe.readEnd());
      }
      assertThat(readable).isCompletedExceptionally();
    }
  }

  /// Starts a process that outlives its parent and gives its pid.
  private int orphan(String command) throws Exception {
    int pid = Integer.parseInt(SpawnTest.output(Spawn.of("/bin/sh", "-c", "sh -c '" + command + "' >/dev/null & echo $!")).strip());
    while (ProcessStat.of(pid).orElseThrow().parent() == ProcessHandle.current().pid()) {
      Thread.onSpinWait();
    }
    return pid;
  }

  private Path fifo() throws Exception {
    Path fifo = directory.resolve("gate");
    assertThat(Spawn.of("mkfifo", fifo.toString()).start().waitFor().isSuccess()).isTrue();
    return fifo;
  }
}
