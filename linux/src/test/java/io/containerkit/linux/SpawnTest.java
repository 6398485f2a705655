package io.containerkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.KernelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SpawnTest {

  @TempDir Path directory;
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
  void tellsTheExitCode() throws Exception {
    assertThat(Spawn.of("/bin/sh", "-c", "exit 37").start().waitFor()).isEqualTo(new ExitStatus.Exited(37));
  }

  @Test
  void tellsTheSignalThatEndedTheChild() throws Exception {
    assertThat(Spawn.of("/bin/sh", "-c", "kill -TERM $$").start().waitFor()).isEqualTo(new ExitStatus.Signaled(Signal.TERM, false));
  }

  @Test
  void signalsTheChildAndIsFalseOnceItIsGone() throws Exception {
    Child child = Spawn.of("/bin/sleep", "100").start();
    assertThat(child.pidFd().isAlive()).isTrue();
    assertThat(child.waitFor(Duration.ofMillis(10))).isEmpty();
    assertThat(child.signal(Signal.KILL)).isTrue();
    assertThat(child.waitFor()).isEqualTo(new ExitStatus.Signaled(Signal.KILL, false));
    assertThat(child.signal(Signal.KILL)).isFalse();
    assertThat(child.pidFd().isAlive()).isFalse();
    assertThat(child.onExit().join()).isEqualTo(new ExitStatus.Signaled(Signal.KILL, false));
  }

  @Test
  void passesArgumentsAndNothingButTheGivenEnvironment() throws Exception {
    assertThat(output(Spawn.of("/usr/bin/env").environment(Map.of("A", "ä b", "EMPTY", "")))).contains("A=ä b\n", "EMPTY=\n").hasLineCount(2);
    assertThat(output(Spawn.of("/bin/echo", "", "two words", "$x"))).isEqualTo(" two words $x\n");
  }

  @Test
  void looksAProgramUpOnThePath() throws Exception {
    assertThat(Spawn.of("true").start().waitFor().isSuccess()).isTrue();
  }

  @Test
  void startsInTheGivenDirectory() throws Exception {
    assertThat(output(Spawn.of("/bin/pwd").directory(directory))).isEqualTo(directory.toRealPath() + "\n");
  }

  @Test
  void givesTheChildTheNamedDescriptorsAndNoOthers() throws Exception {
    try (Fd leaked = Fd.openNull();
        Pipe pipe = Pipe.open()) {
      assertThat(leaked.number()).isGreaterThan(2);
      Child child = Spawn.of("/bin/ls", "/proc/self/fd").descriptor(1, pipe.writeEnd()).descriptor(7, leaked).start();
      pipe.writeEnd().close();
      // The last one is the directory that ls itself reads.
      assertThat(text(pipe.readEnd()).lines()).containsExactly("0", "1", "2", "3", "7");
      assertThat(child.waitFor().isSuccess()).isTrue();
    }
  }

  @Test
  void swapsDescriptorsWithoutLosingOne() throws Exception {
    List<Fd> files = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      Files.writeString(directory.resolve(name), name);
      files.add(Fd.openToRead(directory.resolve(name)));
    }
    // Each goes to the number that the next one has here: the copies form a ring.
    Spawn spawn = Spawn.of("/bin/sh", "-c", "exec cat /dev/fd/%d /dev/fd/%d /dev/fd/%d"
        .formatted(files.get(0).number(), files.get(1).number(), files.get(2).number()));
    for (int i = 0; i < 3; i++) {
      spawn.descriptor(files.get((i + 1) % 3).number(), files.get(i));
    }
    assertThat(output(spawn)).isEqualTo("cab");
    files.forEach(Fd::close);
  }

  @Test
  void keepsADescriptorThatHasItsNumberAlready() throws Exception {
    Files.writeString(directory.resolve("x"), "x");
    try (Fd file = Fd.openToRead(directory.resolve("x"))) {
      assertThat(output(Spawn.of("/bin/cat", "/dev/fd/" + file.number()).descriptor(file.number(), file))).isEqualTo("x");
    }
  }

  @Test
  void resetsSignalsThatTheJvmIgnoresOrHandles() throws Exception {
    String status = output(Spawn.of("/bin/cat", "/proc/self/status"));
    assertThat(status.lines().filter(line -> line.matches("Sig(Blk|Ign|Cgt):.*")).map(line -> line.substring(8).strip()))
        .hasSize(3)
        .allMatch(mask -> mask.matches("0+"));
  }

  @Test
  void leadsASessionOrAGroupOfItsOwn() throws Exception {
    String self = output(Spawn.of("/bin/sh", "-c", "echo $$; cut -d' ' -f5,6 /proc/$$/stat").newSession());
    String pid = self.lines().findFirst().orElseThrow();
    assertThat(self).isEqualTo(pid + "\n" + pid + " " + pid + "\n");
    String group = output(Spawn.of("/bin/sh", "-c", "echo $$; cut -d' ' -f5 /proc/$$/stat").processGroup(0));
    assertThat(group.lines().distinct()).hasSize(1);
  }

  @Test
  void namesTheProgramThatDoesNotExist() {
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> Spawn.of("/no/such/program").start())
        .withMessage("posix_spawn /no/such/program: ENOENT (No such file or directory)")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND));
  }

  @Test
  void namesTheProgramThatMayNotBeExecuted() throws IOException {
    Path plain = Files.writeString(directory.resolve("plain"), "#!/bin/sh\n");
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> Spawn.of(plain.toString()).start())
        .withMessage("posix_spawn " + plain + ": EACCES (Permission denied)");
  }

  @Test
  void namesTheDirectoryThatDoesNotExist() {
    Path missing = directory.resolve("missing");
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> Spawn.of("/bin/true").directory(missing).start())
        .withMessage("posix_spawn in directory " + missing + ": ENOENT (No such file or directory)");
  }

  @Test
  void refusesANulThatWouldCutAnArgument() {
    assertThatIllegalArgumentException().isThrownBy(() -> Spawn.of("/bin/echo", "a\0b").start()).withMessageContaining("a\\0b");
  }

  static String output(Spawn spawn) throws IOException, InterruptedException {
    try (Pipe pipe = Pipe.open()) {
      Child child = spawn.descriptor(1, pipe.writeEnd()).start();
      pipe.writeEnd().close();
      String text = text(pipe.readEnd());
      assertThat(child.waitFor()).isEqualTo(new ExitStatus.Exited(0));
      return text;
    }
  }

  private static String text(Fd fd) throws IOException {
    try (InputStream in = FdInputStream.of(fd)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
