package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.testing.LeavesNothing;
import io.containerkit.testing.Residue;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// ckit where things go wrong around it: killed, cut off from its streams, without room, without rights. Whatever happens, nothing is
/// left, and the code is right.
@Timeout(value = 180, unit = TimeUnit.SECONDS)
@LeavesNothing
class FaultsIT {

  @TempDir private Path directory;
  private final String id = "cli-" + Long.toString(System.nanoTime(), Character.MAX_RADIX);
  private Path state = Path.of("unset");
  private Ckit ckit = new Ckit(Path.of("unset"));

  @BeforeEach
  void useAStateOfItsOwn() {
    state = directory.resolve("state");
    ckit = new Ckit(state);
  }

  /// A run of ckit by a shell that does something to its streams, such as `>&-`.
  private Ckit.Result redirected(String how, String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "\"$@\" " + how, "sh"));
    command.addAll(ckit.words(words));
    return Ckit.finish(new ProcessBuilder(command).start(), "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void killedAtAnyInstantNothingIsLeft(String runtime) throws InterruptedException {
    Ckit at = new Ckit(state, "--runtime", runtime);
    String[] run = {"run", "--name", id, "--rootfs", "/", "--", "sleep", "0.2"};
    long started = System.nanoTime();
    assertThat(at.run(run).code()).isZero();
    long whole = System.nanoTime() - started;
    int instants = 10;
    Residue residue = Residue.watch(Set.of(directory));
    for (int i = 1; i <= instants; i++) {
      Process process = at.start(run);
      LockSupport.parkNanos(whole * i / instants);
      process.destroyForcibly().waitFor();
      Ckit.awaitLifelines(state);
      residue.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
  void aSignalWhileNothingRunsYetEndsCkit(String signal, int code) throws IOException, InterruptedException {
    Path fifo = directory.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    // It waits for somebody to write the variables.
    Process process = ckit.start("run", "--name", id, "--env-file", fifo.toString(), "--rootfs", "/", "--", "true");
    // Opens when ckit has opened it, too.
    try (var _ = Files.newOutputStream(fifo)) {
      assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor()).isZero();
      assertThat(Ckit.finish(process, "").code()).isEqualTo(code);
    }
  }

  @Test
  void anInterruptReachesTheCommandAndItsCodeIsCkits() throws IOException, InterruptedException {
    String script = "trap 'echo interrupted; exit 9' INT; echo ready; while :; do sleep 0.05; done";
    Process process = ckit.start("run", "--name", id, "--rootfs", "/", "--", "/bin/sh", "-c", script);
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    assertThat(output.readLine()).isEqualTo("ready");
    assertThat(new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor()).isZero();
    assertThat(output.readLine()).isEqualTo("interrupted");
    assertThat(Ckit.finish(process, "").code()).isEqualTo(9);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      textBlock =
          """
          >&- => true
          2>&- => echo lost >&2
          >&- 2>&- => true
          <&- => true
          """)
  void closedStreamsDoNotKeepACommandFromRunning(String how, String script) throws IOException {
    assertThat(redirected(how, "run", "--name", id, "--rootfs", "/", "--", "/bin/sh", "-c", script + "; exit 3"))
        .isEqualTo(new Ckit.Result(3, "", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      textBlock =
          """
          echo x => | head -n 1
          echo x >&2 => 2>&1 >/dev/null | head -n 1
          """)
  void aReaderThatGoesAwayEndsTheCommandAsItDoesAnyOther(String print, String how) throws IOException {
    // A first process ignores SIGPIPE, so it learns of it by the failure to write.
    String script = "while " + print + "; do :; done; exit 5";
    Ckit.Result result = redirected(how, "run", "--name", id, "--rootfs", "/", "--", "/bin/sh", "-c", script);
    assertThat(result.out()).isEqualTo("x\n");
  }

  @Test
  void whatCannotBePrintedIsAFailure() throws IOException {
    assertThat(redirected(">/dev/full", "list"))
        .isEqualTo(new Ckit.Result(125, "", "ckit: standard output cannot be written: it is full, or nobody reads it\n"));
  }

  @Test
  void eventsThatNobodyReadsEnd() throws IOException {
    assertThat(ckit.run("run", "-d", "--name", id, "--rootfs", "/", "--", "sleep", "1000").code()).isZero();
    Ckit.Result events = redirected("| head -n 1", "events", "-i", "50ms", id);
    assertThat(events.out()).contains(" stats ").hasLineCount(1);
    assertThat(ckit.run("delete", "-f", id).code()).isZero();
  }

  private static void mount(String... words) throws IOException, InterruptedException {
    Process mount = new ProcessBuilder(words).redirectErrorStream(true).start();
    String says = new String(mount.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(mount.waitFor()).as(says).isZero();
  }

  @Test
  void aFullDiskAndOneThatCannotBeWrittenAreSaid() throws IOException, InterruptedException {
    Path small = Files.createDirectories(directory.resolve("small"));
    mount("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small.toString());
    try {
      Ckit there = new Ckit(small.resolve("state"));
      String[] run = {"run", "--name", id, "--rootfs", "/", "--", "true"};
      assertThat(there.run(run)).isEqualTo(new Ckit.Result(0, "", ""));
      Path fill = small.resolve("fill");
      new ProcessBuilder("dd", "if=/dev/zero", "of=" + fill, "bs=4k").redirectErrorStream(true).start().getInputStream().readAllBytes();
      Ckit.Result full = there.run(run);
      assertThat(full.err()).startsWith("ckit: ").endsWith("No space left on device\n").hasLineCount(1);
      assertThat(full.code()).isEqualTo(125);
      Files.delete(fill);
      assertThat(there.run(run)).isEqualTo(new Ckit.Result(0, "", ""));
      mount("mount", "-o", "remount,ro", small.toString());
      Ckit.Result readOnly = there.run(run);
      assertThat(readOnly.err()).startsWith("ckit: ").endsWith("Read-only file system\n").hasLineCount(1);
      assertThat(readOnly.code()).isEqualTo(125);
      Ckit.Result fresh = new Ckit(small.resolve("other")).run(run);
      assertThat(fresh.err()).startsWith("ckit: ").contains(small + "/other").endsWith("Read-only file system\n").hasLineCount(1);
      assertThat(there.run("list", "-q")).isEqualTo(new Ckit.Result(0, "", ""));
      Ckit.awaitLifelines(small.resolve("state"));
    } finally {
      mount("umount", small.toString());
    }
  }
}
