package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.linux.Allowance;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.Json;
import io.containerkit.spec.State;
import io.containerkit.testing.LeavesNothing;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Real containers by the real command, on the runtime that works here.
@LeavesNothing
class RunIT {

  @TempDir private Path directory;
  private Ckit ckit = new Ckit(Path.of("unset"));

  @BeforeEach
  void useAStateOfItsOwn() {
    ckit = new Ckit(directory.resolve("state"));
  }

  @Test
  void theCommandsOutputAndErrorsComeOutWhereTheyBelong() {
    Ckit.Result result = ckit.run("run", "--rootfs", "/", "--", "/bin/sh", "-c", "echo out; echo err >&2");
    assertThat(result).isEqualTo(new Ckit.Result(0, "out\n", "err\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      textBlock =
          """
          exit 0 => 0
          exit 3 => 3
          exit 255 => 255
          """)
  void theCommandsExitCodeIsCkits(String script, int code) {
    assertThat(ckit.run("run", "--rootfs", "/", "--", "/bin/sh", "-c", script)).isEqualTo(new Ckit.Result(code, "", ""));
  }

  @Test
  void aCommandThatDoesNotExistIs127AndOneThatMayNotBeRunIs126() {
    Ckit.Result missing = ckit.run("run", "--rootfs", "/", "--", "no-such-program");
    assertThat(missing.code()).as(missing.err()).isEqualTo(127);
    // Once: the runtime, which is given the same standard error as the container, says it too.
    assertThat(missing.err()).startsWith("ckit: ").contains("no-such-program").hasLineCount(1);
    Ckit.Result forbidden = ckit.run("run", "--rootfs", "/", "--", "/etc/passwd");
    assertThat(forbidden.code()).as(forbidden.err()).isEqualTo(126);
    assertThat(forbidden.err()).startsWith("ckit: ").containsIgnoringCase("permission denied").hasLineCount(1);
  }

  @Test
  void outputAndErrorsToOneFileKeepTheirOrder() throws IOException, InterruptedException {
    Path file = directory.resolve("both");
    Process process =
        new ProcessBuilder(ckit.words("run", "--rootfs", "/", "--", "/bin/sh", "-c", "for i in 1 2 3; do echo o$i; echo e$i >&2; done"))
            .redirectErrorStream(true)
            .redirectOutput(file.toFile())
            .start();
    assertThat(process.waitFor()).isZero();
    assertThat(file).hasContent("o1\ne1\no2\ne2\no3\ne3");
  }

  @Test
  void aLimitAboveWhatTheHostAllowsIsLoweredAndThatIsSaid() {
    long most = Allowance.highestLimit("RLIMIT_NOFILE");
    Ckit.Result result =
        ckit.run("run", "--ulimit", "nofile=77:" + (most + 1), "--rootfs", "/", "--", "/bin/sh", "-c", "ulimit -H -n");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).isEqualTo(most + "\n");
    assertThat(result.err().lines())
        .singleElement()
        .asString()
        .startsWith("ckit: RLIMIT_NOFILE is 77:" + most + " and not 77:" + (most + 1) + ": ");
  }

  @Test
  void standardInputIsConnectedOnlyWhenAsked() {
    assertThat(ckit.runWithInput("typed\n", "run", "-i", "--rootfs", "/", "--", "cat").out()).isEqualTo("typed\n");
    assertThat(ckit.runWithInput("typed\n", "run", "--rootfs", "/", "--", "cat").out()).isEmpty();
  }

  @Test
  void whatIsWrittenIsThrownAwayUnlessTheRootIsWritable() throws IOException {
    Path root = smallRoot();
    assertThat(ckit.run("run", "--rootfs", root.toString(), "--", "/bin/busybox", "sh", "-c", "echo x > /written; /bin/busybox cat /written"))
        .isEqualTo(new Ckit.Result(0, "x\n", ""));
    assertThat(root.resolve("written")).doesNotExist();
    assertThat(ckit.run("run", "--rootfs", root + ":rw", "--", "/bin/busybox", "sh", "-c", "echo x > /written").code()).isZero();
    assertThat(root.resolve("written")).hasContent("x\n");
  }

  private Path smallRoot() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root"));
    Files.createDirectories(root.resolve("bin"));
    Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    return root;
  }

  @Test
  void aContainerHasLoopbackOnlyUnlessItSharesTheHostsNetwork() {
    assertThat(ckit.run("run", "--rootfs", "/", "--", "/bin/sh", "-c", "grep : /proc/net/dev | wc -l").out().strip()).isEqualTo("1");
    String inside = ckit.run("run", "--network", "host", "--rootfs", "/", "--", "readlink", "/proc/self/ns/net").out().strip();
    String own = link("/proc/self/ns/net");
    assertThat(inside).isEqualTo(own);
  }

  private static String link(String path) {
    try {
      return Files.readSymbolicLink(Path.of(path)).toString();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void flagsShapeTheContainer() {
    Ckit.Result result =
        ckit.run(
            "run", "--name", "shaped", "--hostname", "box", "-e", "GREETING=hi", "-w", "/tmp", "-u", "nobody", "--memory", "64m",
            "--tmpfs", "/mnt:size=1m", "--ulimit", "nofile=77", "--rootfs", "/", "--", "/bin/sh", "-c",
            "hostname; echo $GREETING; pwd; id -un; ulimit -n; grep ' /mnt ' /proc/mounts | cut -d' ' -f3");
    assertThat(result).isEqualTo(new Ckit.Result(0, "box\nhi\n/tmp\nnobody\n77\ntmpfs\n", ""));
  }

  @Test
  void aContainerThatSharesTheHostsNameHasIt() throws IOException {
    String own = Files.readString(Path.of("/proc/sys/kernel/hostname"));
    assertThat(ckit.run("run", "--uts", "host", "--rootfs", "/", "--", "cat", "/proc/sys/kernel/hostname")).isEqualTo(new Ckit.Result(0, own, ""));
  }

  /// What a cold start costs is measured elsewhere; this is what must not creep into it.
  @Test
  void aContainerOfADirectoryNeedsNothingOfImages() throws IOException {
    Path log = directory.resolve("classes");
    List<String> words = ckit.words("run", "--rootfs", "/", "--", "true");
    words.add(words.indexOf("-p"), "-Xlog:class+load:file=" + log);
    assertThat(Ckit.finish(new ProcessBuilder(words).start(), "")).isEqualTo(new Ckit.Result(0, "", ""));
    assertThat(Files.readAllLines(log)).isNotEmpty().noneMatch(line -> line.contains(" io.containerkit.image.") || line.contains(" com.fasterxml."));
  }

  @Test
  void signalsToCkitReachTheCommand() throws IOException {
    Process process =
        ckit.start("run", "--rootfs", "/", "--", "/bin/sh", "-c", "trap 'echo got it; exit 9' TERM; echo ready; while :; do sleep 0.1; done");
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    assertThat(output.readLine()).isEqualTo("ready");
    process.toHandle().destroy();
    assertThat(output.readLine()).isEqualTo("got it");
    assertThat(Ckit.finish(process, "").code()).isEqualTo(9);
  }

  @Test
  void whoAsksForTheEndAThirdTimeGetsIt() throws IOException {
    // A first process ignores what it has no handler for.
    Process process = ckit.start("run", "--rootfs", "/", "--", "/bin/sh", "-c", "echo ready; exec sleep 1000");
    assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("ready");
    int signals = 0;
    while (process.isAlive() && signals < 100) {
      // Two signals that come at once are one.
      process.toHandle().destroy();
      signals++;
      java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
    }
    assertThat(Ckit.finish(process, "").code()).isEqualTo(128 + 9);
    assertThat(signals).isGreaterThanOrEqualTo(3);
  }

  @Test
  void aRunThatTakesTooLongIsStopped() {
    Ckit.Result result =
        ckit.run("run", "--stop-after", "300ms", "--rootfs", "/", "--", "/bin/sh", "-c", "trap 'exit 4' TERM; while :; do sleep 0.1; done");
    assertThat(result.code()).isEqualTo(4);
  }

  @Test
  void aContainerGoesThroughItsLife() throws IOException {
    Path log = directory.resolve("log");
    Path pidFile = directory.resolve("pid");
    Ckit.Result run =
        ckit.run(
            "run", "-d", "--name", "life", "--output", log.toString(), "--pid-file", pidFile.toString(), "--rootfs", "/", "--", "/bin/sh",
            "-c", "echo started; exec sleep 1000");
    assertThat(run).isEqualTo(new Ckit.Result(0, "life\n", ""));
    State state = State.read(ckit.run("state", "life").out());
    assertThat(state.status()).isEqualTo(State.Status.RUNNING);
    assertThat(Files.readString(pidFile)).isEqualTo(Integer.toString(state.pid()));
    assertThat(ckit.run("list").out()).containsPattern("ID +STATUS +PID +BUNDLE\nlife +running +" + state.pid());
    assertThat(((JsonArray) Json.read(ckit.run("list", "-f", "json").out())).values()).hasSize(1);
    assertThat(ckit.run("ps", "life").out()).contains("sleep 1000");
    assertThat(ckit.run("exec", "life", "/bin/sh", "-c", "exit 6")).isEqualTo(new Ckit.Result(6, "", ""));
    assertThat(ckit.run("exec", "-e", "A=b", "-u", "nobody", "life", "/bin/sh", "-c", "echo $A $(id -un)").out()).isEqualTo("b nobody\n");
    assertThat(ckit.run("exec", "life", "no-such-program").code()).isEqualTo(127);
    assertThat(ckit.run("pause", "life").code()).isZero();
    assertThat(State.read(ckit.run("state", "life").out()).status()).isEqualTo(State.Status.PAUSED);
    assertThat(ckit.run("resume", "life").code()).isZero();
    assertThat(ckit.run("update", "--memory", "128m", "life")).isEqualTo(new Ckit.Result(0, "", ""));
    assertThat(ckit.run("stats", "--no-stream", "life").out()).contains("life").contains("128M");
    assertThat(ckit.run("events", "--stats", "-f", "json", "life").out()).startsWith("{\"type\":\"stats\",\"id\":\"life\"");
    assertThat(ckit.run("delete", "life").err()).isEqualTo("ckit: container \"life\" is running: stop it first, or delete it by force\n");
    assertThat(ckit.run("kill", "life", "KILL").code()).isZero();
    assertThat(Files.readString(log)).isEqualTo("started\n");
    assertThat(ckit.run("delete", "-f", "life")).isEqualTo(new Ckit.Result(0, "", ""));
    assertThat(ckit.run("state", "life").err())
        .isEqualTo("ckit: container \"life\" does not exist; ckit list shows those that do\n");
    assertThat(ckit.run("delete", "-f", "life").code()).isZero();
  }

  @Test
  void aCreatedContainerWaitsForItsStart() throws IOException {
    Path mark = directory.resolve("mark");
    String id =
        ckit.run("create", "-v", directory + ":/mnt", "--rootfs", "/", "--", "/bin/sh", "-c", "echo x > /mnt/mark; exec sleep 1000").out().strip();
    assertThat(id).matches("[0-9a-f]{12}");
    assertThat(State.read(ckit.run("state", id).out()).status()).isEqualTo(State.Status.CREATED);
    assertThat(mark).doesNotExist();
    assertThat(ckit.run("start", id)).isEqualTo(new Ckit.Result(0, "", ""));
    assertThat(ckit.run("stop", "-t", "0", id)).isEqualTo(new Ckit.Result(0, "", ""));
    assertThat(mark).hasContent("x\n");
    assertThat(ckit.run("delete", id)).isEqualTo(new Ckit.Result(0, "", ""));
  }

  @Test
  void aBundleIsRunAsItIs() throws IOException {
    Path bundle = Files.createDirectories(directory.resolve("bundle"));
    Files.move(smallRoot(), bundle.resolve("rootfs"));
    assertThat(ckit.run("spec", "--bundle", bundle.toString())).isEqualTo(new Ckit.Result(0, "", ""));
    assertThat(ckit.run("spec", "--bundle", bundle.toString()).err()).contains("--force replaces it");
    Path config = bundle.resolve("config.json");
    String document = Files.readString(config).replaceFirst("\"args\" ?: ?\\[[^]]*]", "\"args\":[\"/bin/busybox\",\"echo\",\"from a bundle\"]");
    Files.writeString(config, document);
    assertThat(ckit.run("run", "--bundle", bundle.toString(), "of-a-bundle")).isEqualTo(new Ckit.Result(0, "from a bundle\n", ""));
  }

  @Test
  void severalContainersAreEachDealtWith() {
    for (String name : List.of("one", "two")) {
      assertThat(ckit.run("run", "-d", "--name", name, "--rootfs", "/", "--", "sleep", "1000").code()).isZero();
    }
    Ckit.Result stop = ckit.run("stop", "-t", "0", "one", "none", "two");
    assertThat(stop.code()).isEqualTo(125);
    assertThat(stop.err()).isEqualTo("ckit: container \"none\" does not exist; ckit list shows those that do\n");
    assertThat(ckit.run("delete", "one", "two")).isEqualTo(new Ckit.Result(0, "", ""));
  }

  @Test
  void anIdIsTakenOnce() {
    assertThat(ckit.run("run", "-d", "--name", "taken", "--rootfs", "/", "--", "sleep", "1000").code()).isZero();
    Ckit.Result again = ckit.run("run", "--name", "taken", "--rootfs", "/", "--", "true");
    assertThat(again.code()).isEqualTo(125);
    assertThat(again.err()).isEqualTo("ckit: container \"taken\" exists already: choose another id or delete it first\n");
    assertThat(ckit.run("delete", "-f", "taken").code()).isZero();
  }

  @Test
  void killedByKillNothingIsLeft() throws IOException, InterruptedException {
    Process process = ckit.start("run", "--name", "orphan", "--rootfs", "/", "--", "/bin/sh", "-c", "echo ready; exec sleep 7654321");
    assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("ready");
    State state = State.read(ckit.run("state", "orphan").out());
    ProcessHandle init = ProcessHandle.of(state.pid()).orElseThrow();
    process.destroyForcibly().waitFor();
    init.onExit().orTimeout(Ckit.PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS).join();
    Path container = directory.resolve("state/containers/orphan");
    long deadline = System.nanoTime() + Ckit.PATIENCE.toNanos();
    while (Files.exists(container) && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(container).doesNotExist();
    Ckit.awaitLifelines(directory.resolve("state"));
  }

  @Test
  void doctorVersionAndFeaturesTellOfTheRuntime() {
    assertThat(ckit.run("version").out()).startsWith("ckit ").hasLineCount(2);
    assertThat(ckit.run("version", "-f", "json").out()).contains("\"runtime\"");
    assertThat(ckit.run("doctor").code()).isZero();
  }
}
