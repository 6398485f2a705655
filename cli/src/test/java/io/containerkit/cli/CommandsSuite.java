package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.engine.ContainerKit;
import io.containerkit.spec.Json;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonNumber;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.State;
import io.containerkit.testing.LeavesNothing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every command on a real runtime. Each test asserts that it left nothing behind.
@Timeout(value = 180, unit = TimeUnit.SECONDS)
@LeavesNothing
abstract class CommandsSuite {

  /// Shared by the tests of a class, as trying a runtime takes time and is remembered there.
  @TempDir static Path state;

  @TempDir Path directory;

  /// The container that a test makes: nobody else on this machine has its id, not even a test before.
  String id = "";

  Inside inside = new Inside(Path.of("unset"));
  Ckit ckit = new Ckit(Path.of("unset"));

  abstract String runtime();

  /// The view of the control groups that crun is given is made once and stays.
  @BeforeAll
  static void warmUp() {
    ContainerKit.builder().runtime("crun").state(state).open().close();
  }

  @BeforeEach
  void chooseARuntimeAndAnId() {
    id = "cli-" + Long.toString(System.nanoTime(), Character.MAX_RADIX);
    inside = new Inside(state, "--runtime", runtime());
    ckit = new Ckit(state, "--runtime", runtime());
  }

  @AfterEach
  void delete() {
    inside.run("delete", "-f", id);
  }

  /// Starts a container that runs a script in the background, and appends what it prints to a file.
  Path runs(String script) {
    Path output = directory.resolve("output");
    Ckit.Result run =
        inside.run("run", "-d", "--name", id, "-o", output.toString(), "--rootfs", "/", "--", "/bin/sh", "-c", script);
    assertThat(run).isEqualTo(new Ckit.Result(0, id + "\n", ""));
    return output;
  }

  /// Starts a container that does nothing until it is killed.
  void sleeps() {
    runs("exec sleep 1000");
  }

  void succeeds(String... words) {
    assertThat(inside.run(words)).isEqualTo(new Ckit.Result(0, "", ""));
  }

  /// Asserts that a command fails with one line, which starts and ends as given.
  static void assertFails(Ckit.Result result, int code, String start, String end) {
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("ckit: " + start).endsWith(end + "\n").hasLineCount(1);
    assertThat(result.code()).isEqualTo(code);
  }

  State state() {
    return State.read(inside.run("state", id).out());
  }

  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Ckit.PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time to wait until %s", what).isLessThan(deadline);
      LockSupport.parkNanos(10_000_000);
    }
  }

  static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file).strip() : "";
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aContainerIsMadeStartedLookedAtStoppedAndRemoved() {
    assertThat(inside.run("create", "--name", id, "--rootfs", "/", "--", "sleep", "1000")).isEqualTo(new Ckit.Result(0, id + "\n", ""));
    assertThat(state().status()).isEqualTo(State.Status.CREATED);
    succeeds("start", id);
    State running = state();
    assertThat(running.status()).isEqualTo(State.Status.RUNNING);
    assertThat(inside.run("list").out()).containsPattern("ID +STATUS +PID +BUNDLE\n" + id + " +running +" + running.pid() + " +/");
    JsonArray listed = (JsonArray) Json.read(inside.run("list", "-f", "json").out());
    assertThat(State.of((JsonObject) listed.values().getFirst()).pid()).isEqualTo(running.pid());
    assertThat(inside.run("list", "-q").out()).isEqualTo(id + "\n");
    assertThat(inside.run("ps", id).out()).startsWith("PID ").hasLineCount(2);
    assertThat(((JsonArray) Json.read(inside.run("ps", "-f", "json", id).out())).values()).hasSize(1);
    assertFails(inside.run("start", id), 125, "", "");
    assertFails(inside.run("delete", id), 125, "container \"" + id + "\" is running", "delete it by force");
    succeeds("stop", "-t", "0", id);
    assertThat(state().status()).isEqualTo(State.Status.STOPPED);
    assertThat(inside.run("list").out()).containsPattern(id + " +stopped +- ");
    assertFails(inside.run("kill", id), 125, "kill SIGTERM \"" + id + "\": the container has ended", "ckit delete removes it");
    assertFails(inside.run("exec", id, "true"), 125, "", "");
    succeeds("delete", id);
    assertFails(inside.run("state", id), 125, "container \"" + id + "\" does not exist", "ckit list shows those that do");
    assertThat(inside.run("list").out()).hasLineCount(1);
  }

  @Test
  void signalsGoByNameAndByNumber() {
    Path output = runs("trap 'echo usr1' USR1; echo ready; while :; do sleep 0.02; done");
    await("the script runs", () -> text(output).endsWith("ready"));
    succeeds("kill", id, "USR1");
    await("SIGUSR1 comes", () -> text(output).endsWith("usr1"));
    succeeds("kill", "--signal", "10", id);
    await("signal 10 comes", () -> text(output).endsWith("usr1\nusr1"));
    succeeds("kill", "--all", id, "KILL");
    await("it has ended", () -> state().status() == State.Status.STOPPED);
    succeeds("delete", id);
  }

  @Test
  void aFurtherCommandHasItsOwnCodeAndStreams() {
    sleeps();
    assertThat(ckit.run("exec", id, "/bin/sh", "-c", "echo out; echo err >&2; exit 6")).isEqualTo(new Ckit.Result(6, "out\n", "err\n"));
    assertThat(ckit.run("exec", id, "/bin/sh", "-c", "kill -TERM $$").code()).isEqualTo(128 + 15);
    assertThat(ckit.runWithInput("typed\n", "exec", "-i", id, "cat").out()).isEqualTo("typed\n");
    assertFails(ckit.run("exec", id, "no-such-program"), 127, runtime() + " exec \"" + id + "\": ", "the PATH that its process is given");
    assertFails(ckit.run("exec", id, "/etc/passwd"), 126, runtime() + " exec \"" + id + "\": ", "may execute");
    succeeds("delete", "-f", id);
  }

  @Test
  void whatIsUsedIsShownOnceOrAgainAndAgain() {
    sleeps();
    assertThat(inside.run("stats", "--no-stream", id).out()).containsPattern("ID +CPU .*\n" + id + " +- ").hasLineCount(2);
    assertThat(inside.run("stats", "--no-stream").out()).hasLineCount(2);
    JsonObject once = Json.readObject(inside.run("stats", "--no-stream", "-f", "json", id).out());
    assertThat(once.get("id")).hasToString("\"" + id + "\"");
    assertThat(Json.readObject(inside.run("events", "--stats", "-f", "json", id).out()).get("type")).isEqualTo(once.get("type"));
    assertThat(inside.run("events", "--stats", id).out()).containsPattern("^\\S+Z stats cpu=\\S+ memory=\\S+ pids=\\S+\n$");
    Inside.Running table = inside.start("stats", "-i", "50ms", id);
    Inside.Running json = inside.start("stats", "-i", "50ms", "-f", "json", id);
    await("several readings are shown", () -> table.out().lines().count() >= 6 && json.out().lines().count() >= 3);
    succeeds("kill", id, "KILL");
    assertThat(table.finish().code()).isZero();
    assertThat(json.finish().code()).isZero();
    assertThat(table.out().lines().filter(line -> line.startsWith(id)).skip(1)).allMatch(line -> line.contains("%"));
    assertThat(json.out().lines()).allSatisfy(line -> assertThat(Json.readObject(line).get("data")).isInstanceOf(JsonObject.class));
    assertFails(inside.run("stats", "--no-stream", id), 125, runtime() + " stats \"" + id + "\": ", "the container is not running");
    Ckit.Result allThatRun = inside.run("stats", "--no-stream");
    assertThat(allThatRun).isEqualTo(new Ckit.Result(0, allThatRun.out(), ""));
    assertThat(allThatRun.out()).hasLineCount(1);
    succeeds("delete", id);
  }

  @Test
  void eventsComeUntilTheEnd() {
    sleeps();
    Inside.Running lines = inside.start("events", "-i", "50ms", id);
    Inside.Running json = inside.start("events", "-i", "50ms", "-f", "json", id);
    await("several readings are shown", () -> lines.out().lines().count() >= 2 && json.out().lines().count() >= 2);
    succeeds("kill", id, "KILL");
    Ckit.Result ended = lines.finish();
    assertThat(ended).isEqualTo(new Ckit.Result(0, ended.out(), ""));
    assertThat(ended.out().lines().toList().getLast()).endsWith("Z ended");
    List<JsonObject> events = json.finish().out().lines().map(Json::readObject).toList();
    assertThat(events.getFirst().get("type")).hasToString("\"stats\"");
    assertThat(events.getLast().get("type")).hasToString("\"ended\"");
    succeeds("delete", id);
  }

  @Test
  void versionsAndFindingsAreForPeopleAndForPrograms() {
    assertThat(inside.run("version").out()).containsPattern("^ckit .+\n" + runtime() + " \\S+\n$");
    JsonObject version = Json.readObject(inside.run("version", "-f", "json").out());
    assertThat(((JsonObject) java.util.Objects.requireNonNull(version.get("runtime"))).get("name")).hasToString("\"" + runtime() + "\"");
    assertThat(inside.run("doctor").out()).endsWith("Containers run here.\n").contains(runtime());
    JsonObject findings = Json.readObject(inside.run("doctor", "-f", "json").out());
    assertThat(findings.get("works")).hasToString("true");
    assertThat(((JsonArray) java.util.Objects.requireNonNull(findings.get("findings"))).values()).hasSizeGreaterThan(3);
  }

  /// The processes of the container, in the host's numbers.
  List<Integer> pids() {
    JsonArray pids = (JsonArray) Json.read(inside.run("ps", "-f", "json", id).out());
    return pids.values().stream().map(pid -> Integer.parseInt(((JsonNumber) pid).toString())).toList();
  }
}
