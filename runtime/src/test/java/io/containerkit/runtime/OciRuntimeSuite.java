package io.containerkit.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.Signal;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.LinuxResources;
import io.containerkit.spec.ProcessSpec;
import io.containerkit.spec.Root;
import io.containerkit.spec.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// What every runtime must do when it is driven: run on the fake one and on each real one.
abstract class OciRuntimeSuite extends EndingsSuite {

  @Test
  void aContainerLivesFromCreateToDelete() throws Exception {
    try (ContainerProcess process = runtime.create("life", bundles.script("life", "exit 37"), Stdio.none())) {
      assertThat(runtime.state("life"))
          .satisfies(
              state -> {
                assertThat(state.status()).isEqualTo(State.Status.CREATED);
                assertThat(state.pid()).isEqualTo(process.pid());
                assertThat(state.id()).isEqualTo("life");
              });
      assertThat(process.isAlive()).isTrue();
      CompletableFuture<ExitStatus> exit = process.onExit();
      runtime.start("life");
      assertThat(process.waitFor()).isEqualTo(new ExitStatus.Exited(37));
      assertThat(exit.join()).isEqualTo(new ExitStatus.Exited(37));
      assertThat(process.isAlive()).isFalse();
      assertThat(process.signal(Signal.TERM)).isFalse();
      runtime.delete("life");
    }
    assertFails(ErrorKind.NOT_FOUND, () -> runtime.state("life"));
  }

  @Test
  void tellsTheSignalThatEndedTheInit() throws Exception {
    try (ContainerProcess process = running("signalled", "sleep 1000")) {
      assertThat(process.waitFor(Duration.ofMillis(1))).isEmpty();
      assertThat(runtime.kill("signalled", Signal.KILL)).isTrue();
      assertThat(process.waitFor()).isEqualTo(killedBy(Signal.KILL));
      runtime.delete("signalled");
    }
  }

  @Test
  void pipesCarryInputAndOutput() throws Exception {
    Path bundle = bundles.script("pipes", "cat; echo done >&2; exit 3");
    try (ContainerProcess process = runtime.create("pipes", bundle, Stdio.pipes())) {
      runtime.start("pipes");
      process.stdin().write("through the container".getBytes(UTF_8));
      process.stdin().close();
      assertThat(process.stdout().readAllBytes()).asString(UTF_8).isEqualTo("through the container");
      assertThat(process.stderr().readAllBytes()).asString(UTF_8).isEqualTo("done\n");
      assertThat(process.waitFor()).isEqualTo(new ExitStatus.Exited(3));
      assertThat(process.outputCut()).isFalse();
      runtime.delete("pipes");
    }
  }

  @Test
  void filesTakeOutputBehindWhatIsThere() throws Exception {
    Path file = Files.writeString(directory.resolve("output"), "before\n");
    Stdio.Stream appended = new Stdio.Stream.File(file, true);
    Path bundle = bundles.script("files", "echo out; echo err >&2");
    try (ContainerProcess process =
        runtime.create("files", bundle, Stdio.of(new Stdio.Stream.Null(), appended, appended))) {
      runtime.start("files");
      process.waitFor();
      runtime.delete("files");
    }
    assertThat(Files.readAllLines(file)).containsExactly("before", "out", "err");
  }

  @Test
  void errorsGoTheWayOfTheOutputInTheirOrder() throws Exception {
    Stdio merged = Stdio.of(new Stdio.Stream.Null(), new Stdio.Stream.Pipe(), new Stdio.Stream.Merged());
    Path bundle = bundles.script("merged", "echo one; echo two >&2; echo three");
    try (ContainerProcess process = runtime.create("merged", bundle, merged)) {
      runtime.start("merged");
      assertThat(process.stdout().readAllBytes()).asString(UTF_8).isEqualTo("one\ntwo\nthree\n");
      assertThat(process.stderr().readAllBytes()).isEmpty();
      process.waitFor();
      runtime.delete("merged");
    }
  }

  @Test
  void execTellsTheProcessOwnStatus() throws Exception {
    ContainerProcess init = running("exec", "sleep 1000");
    ProcessSpec exits = ProcessSpec.command("/bin/sh", "-c", "exit 7").env("PATH=/bin").build();
    try (ContainerProcess process = runtime.exec("exec", exits, ExecOptions.defaults())) {
      assertThat(process.waitFor()).isEqualTo(new ExitStatus.Exited(7));
    }
    ProcessSpec dies = ProcessSpec.command("/bin/sh", "-c", "kill -KILL $$").env("PATH=/bin").build();
    try (ContainerProcess process = runtime.exec("exec", dies, ExecOptions.defaults())) {
      // The kernel's status if the process could be held in time, else the command's code.
      assertThat(process.waitFor().shellCode()).isEqualTo(137);
    }
    ExecOptions detached = ExecOptions.builder().detach(true).build();
    ProcessSpec slow = ProcessSpec.command("/bin/sh", "-c", "sleep 0.3; exit 9").env("PATH=/bin").build();
    try (ContainerProcess process = runtime.exec("exec", slow, detached)) {
      assertThat(process.waitFor()).isEqualTo(new ExitStatus.Exited(9));
    }
    stopAndDelete(init);
  }

  @Test
  void execByOptionsHasPipes() throws Exception {
    ContainerProcess init = running("echo", "sleep 1000");
    ExecOptions options = ExecOptions.builder().stdio(Stdio.pipes()).build();
    try (ContainerProcess process = runtime.exec("echo", ExecCommand.of("/bin/cat"), options)) {
      process.stdin().write("hello".getBytes(UTF_8));
      process.stdin().close();
      assertThat(process.stdout().readAllBytes()).asString(UTF_8).isEqualTo("hello");
      assertThat(process.waitFor()).isEqualTo(new ExitStatus.Exited(0));
    }
    stopAndDelete(init);
  }

  @Test
  void execOfWhatIsNotThereFailsAsSuch() throws Exception {
    ContainerProcess init = running("absent", "sleep 1000");
    assertThatExceptionOfType(CommandException.class)
        .isThrownBy(() -> runtime.exec("absent", ExecCommand.of("/bin/nope"), ExecOptions.defaults()))
        .satisfies(
            e -> {
              assertThat(e.kind()).as(e.getMessage()).isEqualTo(ErrorKind.EXECUTABLE_NOT_FOUND);
              assertThat(e.kind().exitCode()).isEqualTo(127);
              assertThat(e.getMessage()).contains("exec \"absent\"").contains("/bin/nope");
              assertThat(e.argv()).contains("exec", "absent");
              assertThat(e.exitStatus()).isPresent();
              assertThat(e.log()).isNotEmpty();
            });
    ExecOptions detached = ExecOptions.builder().detach(true).build();
    assertFails(ErrorKind.EXECUTABLE_NOT_FOUND, () -> runtime.exec("absent", ExecCommand.of("/bin/nope"), detached));
    stopAndDelete(init);
  }

  @Test
  void aTimeoutKillsTheExec() throws Exception {
    ContainerProcess init = running("timeout", "sleep 1000");
    ExecOptions options = ExecOptions.builder().timeout(Duration.ofMillis(100)).build();
    try (ContainerProcess process = runtime.exec("timeout", ExecCommand.of("/bin/sleep", "1000"), options)) {
      assertThat(process.waitFor()).isEqualTo(killedBy(Signal.KILL));
      assertThat(process.timedOut()).isTrue();
    }
    stopAndDelete(init);
  }

  @Test
  void whatDoesNotExistIsNotFound() {
    assertFails(ErrorKind.NOT_FOUND, () -> runtime.state("nobody"));
    assertFails(ErrorKind.NOT_FOUND, () -> runtime.start("nobody"));
    assertFails(ErrorKind.NOT_FOUND, () -> runtime.delete("nobody"));
    assertFails(ErrorKind.NOT_FOUND, () -> runtime.kill("nobody", Signal.TERM));
    assertFails(ErrorKind.NOT_FOUND, () -> runtime.killAll("nobody", Signal.TERM));
    assertFails(ErrorKind.NOT_FOUND, () -> runtime.ps("nobody"));
    assertFails(ErrorKind.NOT_FOUND, () -> runtime.pause("nobody"));
    assertFails(ErrorKind.NOT_FOUND, () -> runtime.exec("nobody", ExecCommand.of("/bin/true"), ExecOptions.defaults()));
    assertThat(runtime.load("nobody")).isEmpty();
    assertThat(runtime.list()).isEmpty();
    runtime.deleteForcibly("nobody");
  }

  @Test
  void anIdInUseIsRefusedAndItsContainerUnharmed() throws Exception {
    ContainerProcess init = running("taken", "sleep 1000");
    assertFails(
        ErrorKind.ALREADY_EXISTS, () -> runtime.create("taken", bundles.script("taken", "true"), Stdio.none()));
    assertThat(runtime.state("taken").status()).isEqualTo(State.Status.RUNNING);
    assertThat(init.isAlive()).isTrue();
    stopAndDelete(init);
  }

  @Test
  void anotherIdThatStartsAlikeIsNotTaken() throws Exception {
    ContainerProcess init = running("prefix-long", "sleep 1000");
    assertFails(ErrorKind.NOT_FOUND, () -> runtime.state("prefix"));
    assertFails(ErrorKind.NOT_FOUND, () -> runtime.kill("prefix", Signal.KILL));
    assertFails(ErrorKind.NOT_FOUND, () -> runtime.delete("prefix"));
    runtime.deleteForcibly("prefix");
    assertThat(runtime.load("prefix")).isEmpty();
    assertThat(init.isAlive()).isTrue();
    stopAndDelete(init);
  }

  @Test
  void aContainerIsStartedOnce() throws Exception {
    ContainerProcess init = running("once", "sleep 1000");
    assertFails(ErrorKind.RUNNING, () -> runtime.start("once"));
    assertFails(ErrorKind.RUNNING, () -> runtime.delete("once"));
    stopAndDelete(init);
  }

  @Test
  void aSecondKillIsQuiet() throws Exception {
    ContainerProcess init = running("dead", "exit 0");
    init.waitFor();
    runtime.kill("dead", Signal.KILL);
    runtime.kill("dead", Signal.TERM);
    runtime.delete("dead");
    init.close();
  }

  @Test
  void deleteForciblyEndsWhatRuns() throws Exception {
    ContainerProcess init = running("doomed", "trap '' TERM; sleep 1000");
    runtime.deleteForcibly("doomed");
    assertThat(init.waitFor()).isEqualTo(killedBy(Signal.KILL));
    runtime.deleteForcibly("doomed");
    init.close();
  }

  @Test
  void aCreatedContainerCanBeDeleted() throws Exception {
    try (ContainerProcess process = runtime.create("unborn", bundles.script("unborn", "true"), Stdio.none())) {
      runtime.deleteForcibly("unborn");
      assertThat(process.waitFor().shellCode()).isEqualTo(137);
    }
  }

  @Test
  void stopAsksThenKills() throws Exception {
    StopOptions patient = StopOptions.defaults().withGrace(Duration.ofSeconds(30));
    ContainerProcess polite = running("polite", "trap 'exit 5' TERM; while true; do sleep 0.01; done");
    awaitTrap(polite);
    assertThat(runtime.stop(polite, patient)).isEqualTo(new ExitStatus.Exited(5));
    runtime.delete("polite");
    polite.close();

    ContainerProcess stubborn = running("stubborn", "trap '' TERM; while true; do sleep 0.01; done");
    awaitTrap(stubborn);
    assertThat(runtime.stop("stubborn", StopOptions.defaults().withGrace(Duration.ofMillis(100))))
        .contains(killedBy(Signal.KILL));
    assertThat(runtime.stop("stubborn", patient)).isEmpty();
    runtime.delete("stubborn");
    stubborn.close();
  }

  @Test
  void aPausedContainerTakesNoExecAndIsStoppedAllTheSame() throws Exception {
    ContainerProcess init = running("paused", "sleep 1000");
    runtime.pause("paused");
    assertThat(runtime.state("paused").status()).isEqualTo(State.Status.PAUSED);
    assertFails(ErrorKind.PAUSED, () -> runtime.exec("paused", ExecCommand.of("/bin/true"), ExecOptions.defaults()));
    runtime.resume("paused");
    assertThat(runtime.state("paused").status()).isEqualTo(State.Status.RUNNING);
    runtime.pause("paused");
    assertThat(runtime.stop(init, StopOptions.defaults().withGrace(Duration.ZERO))).isEqualTo(killedBy(Signal.KILL));
    runtime.delete("paused");
    init.close();
  }

  @Test
  void loadTakesHoldOfALivingInitOnly() throws Exception {
    ContainerProcess init = running("loaded", "sleep 1000");
    try (ContainerProcess loaded = runtime.load("loaded").orElseThrow()) {
      assertThat(loaded.pid()).isEqualTo(init.pid());
      assertThat(loaded.signal(Signal.KILL)).isTrue();
      assertThat(loaded.waitFor()).isEqualTo(killedBy(Signal.KILL));
    }
    assertThat(init.waitFor()).isEqualTo(killedBy(Signal.KILL));
    assertThat(runtime.load("loaded")).isEmpty();
    runtime.delete("loaded");
    init.close();
  }

  @Test
  void listsContainersAndTheirProcesses() throws Exception {
    ContainerProcess one = running("one", "sleep 1000");
    ContainerProcess two = running("two", "sleep 1000");
    assertThat(runtime.list()).extracting(State::id).containsExactlyInAnyOrder("one", "two");
    assertThat(runtime.list()).extracting(State::status).containsOnly(State.Status.RUNNING);
    assertThat(runtime.ps("one")).isNotEmpty();
    stopAndDelete(one);
    stopAndDelete(two);
  }

  @Test
  void runInTheForegroundTellsTheStatusAndDeletes() throws Exception {
    RunOptions options = RunOptions.builder().stdio(Stdio.output()).build();
    try (ContainerProcess process = runtime.run("fore", bundles.script("fore", "echo ran; exit 4"), options)) {
      assertThat(process.stdout().readAllBytes()).asString(UTF_8).isEqualTo("ran\n");
      assertThat(process.waitFor()).isEqualTo(new ExitStatus.Exited(4));
    }
    assertFails(ErrorKind.NOT_FOUND, () -> runtime.state("fore"));
  }

  @Test
  void aHostileIdNeverReachesTheRuntime() throws Exception {
    List<String> before = calls();
    for (String id : List.of("", "../x", "a/b", "-x", ".", "..", "a\0b", "a b", "x".repeat(1024), "ü")) {
      assertFails(ErrorKind.INVALID_ID, () -> runtime.create(id, directory, Stdio.none()));
      assertFails(ErrorKind.INVALID_ID, () -> runtime.state(id));
      assertFails(ErrorKind.INVALID_ID, () -> runtime.delete(id));
      assertFails(ErrorKind.INVALID_ID, () -> runtime.deleteForcibly(id));
      assertFails(ErrorKind.INVALID_ID, () -> runtime.kill(id, Signal.KILL));
      assertFails(ErrorKind.INVALID_ID, () -> runtime.load(id));
      assertFails(ErrorKind.INVALID_ID, () -> runtime.killAll(id, Signal.KILL));
      assertFails(ErrorKind.INVALID_ID, () -> runtime.run(id, directory, RunOptions.defaults()));
      assertFails(ErrorKind.INVALID_ID, () -> runtime.start(id));
      assertFails(ErrorKind.INVALID_ID, () -> runtime.exec(id, ExecCommand.of("/bin/true"), ExecOptions.defaults()));
      assertFails(ErrorKind.INVALID_ID, () -> runtime.exec(id, ProcessSpec.command("/bin/true").build(), ExecOptions.defaults()));
      assertFails(ErrorKind.INVALID_ID, () -> runtime.stop(id, StopOptions.defaults()));
      assertFails(ErrorKind.INVALID_ID, () -> runtime.ps(id));
      assertFails(ErrorKind.INVALID_ID, () -> runtime.pause(id));
      assertFails(ErrorKind.INVALID_ID, () -> runtime.resume(id));
      assertFails(ErrorKind.INVALID_ID, () -> runtime.update(id, LinuxResources.builder().build()));
      assertFails(ErrorKind.INVALID_ID, () -> runtime.limits(id));
      assertFails(ErrorKind.INVALID_ID, () -> runtime.stats(id));
      assertFails(ErrorKind.INVALID_ID, () -> runtime.events(id));
      assertFails(ErrorKind.INVALID_ID, () -> runtime.checkpoint(id, CheckpointOptions.builder(directory).build()));
      assertFails(ErrorKind.INVALID_ID, () -> runtime.restore(id, directory, RestoreOptions.builder(directory).build()));
    }
    assertThat(calls()).isEqualTo(before);
  }

  @Test
  void aBrokenConfigurationIsNamed() throws Exception {
    Path bundle = bundles.script("broken", "true");
    Files.writeString(bundle.resolve("config.json"), "{ not json");
    assertFails(ErrorKind.INVALID_CONFIG, () -> runtime.create("broken", bundle, Stdio.none()));
    Files.delete(bundle.resolve("config.json"));
    assertFails(ErrorKind.INVALID_CONFIG, () -> runtime.create("broken", bundle, Stdio.none()));
  }

  @Test
  void aMistakeIsToldAlsoWhenStandardErrorIsClosed() throws Exception {
    Path bundle = bundles.script("mistaken", "sleep 1000");
    CreateOptions create = CreateOptions.builder().extraArgs("--bogus").build();
    assertTellsOfBogus(() -> runtime.create("mistaken", bundle, create));
    assertTellsOfBogus(() -> runtime.run("mistaken", bundle, RunOptions.builder().detach(true).extraArgs("--bogus").build()));
    assertFails(ErrorKind.NOT_FOUND, () -> runtime.state("mistaken"));
    ContainerProcess init = running("right", "sleep 1000");
    ProcessSpec process = ProcessSpec.command("true").build();
    assertTellsOfBogus(() -> runtime.exec("right", process, ExecOptions.builder().extraArgs("--bogus").build()));
    stopAndDelete(init);
  }

  private static void assertTellsOfBogus(ThrowingCallable call) {
    assertThatExceptionOfType(CommandException.class)
        .isThrownBy(call)
        .withMessageContaining("bogus")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED));
  }

  @Test
  void aCreateThatFailsLeavesNothing() {
    Path bundle = bundles.bundle("rootless", spec -> spec.root(Root.of("/no/such/root", false)), process -> process.args("true"));
    assertThatExceptionOfType(CommandException.class).isThrownBy(() -> runtime.create("rootless", bundle, Stdio.none()));
    assertFails(ErrorKind.NOT_FOUND, () -> runtime.state("rootless"));
  }
}
