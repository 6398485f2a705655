package io.containerkit.runtime;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.Signal;
import io.containerkit.runtime.ContainerEvent.Ended;
import io.containerkit.runtime.ContainerEvent.Oom;
import io.containerkit.runtime.ContainerEvent.Stats;
import io.containerkit.runtime.ContainerStats.Cpu;
import io.containerkit.runtime.ContainerStats.Memory;
import io.containerkit.runtime.ContainerStats.Pids;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.Json;
import io.containerkit.spec.Linux;
import io.containerkit.spec.LinuxResources;
import io.containerkit.spec.Spec;
import io.containerkit.testing.LeavesNothing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Measures and changes real containers, on real runtimes: one that has `events` and one that has not.
@Timeout(60)
@LeavesNothing
class MeterIT {

  /// Doubles a variable until the kernel ends it.
  private static final String EAT = "x=xxxxxxxxxxxxxxxx; while :; do x=$x$x; done";

  private static final String LIMITS =
      """
      {"memory": {"limit": 33554432, "swap": 33554432, "reservation": 16777216},
       "cpu": {"shares": 512, "quota": 50000, "period": 100000},
       "pids": {"limit": 20}}
      """;

  @TempDir Path directory;
  private @Nullable OciRuntime runtime;

  /// Made once, it stays.
  @BeforeAll
  static void shareTheView() {
    HybridCgroups.sharedView();
  }

  private OciRuntime runtime(String name) throws InterruptedException {
    OciRuntime found =
        new RuntimeFinder(Path.of(System.getProperty("java.io.tmpdir"), "containerkit-finder"), List.of(name))
            .find()
            .builder()
            .root(directory.resolve("runtime/root"))
            .workDirectory(directory.resolve("work"))
            .build();
    runtime = found;
    return found;
  }

  @AfterEach
  void nothingIsLeft() {
    // A test that failed must not fail the next ones.
    OciRuntime used = Objects.requireNonNull(runtime);
    used.list().forEach(container -> used.deleteForcibly(container.id()));
  }

  /// A running container that has written a line to tell that its script got so far.
  private ContainerProcess ready(OciRuntime runtime, String id, String limits, String script) throws IOException {
    Path bundle =
        new Bundles(directory)
            .bundle(
                id,
                spec -> limited(spec, limits),
                process -> process.args("/bin/sh", "-c", script));
    ContainerProcess init = runtime.create(id, bundle, Stdio.output());
    runtime.start(id);
    return init;
  }

  private static Spec.Builder limited(Spec.Builder builder, String limits) {
    Spec spec = builder.build();
    Linux linux = Objects.requireNonNull(spec.linux());
    LinuxResources resources = Objects.requireNonNull(linux.resources()).merge(resources(limits));
    return spec.toBuilder().linux(linux.toBuilder().resources(resources).build());
  }

  private static LinuxResources resources(String json) {
    return LinuxResources.of(Json.readObject(json));
  }

  private static void end(OciRuntime runtime, ContainerProcess init) throws InterruptedException {
    runtime.kill(init.containerId(), Signal.KILL);
    init.waitFor();
    runtime.delete(init.containerId());
  }

  private static void assertFails(ErrorKind kind, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(CommandException.class, e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void readsWhatTheContainerUses(String name) throws Exception {
    OciRuntime runtime = runtime(name);
    String busy = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; echo ready; sleep 1000";
    try (ContainerProcess init = ready(runtime, "stats", LIMITS, busy)) {
      assertThat(init.stdout().read()).isEqualTo('r');

      ContainerStats stats = runtime.stats("stats");

      Cpu cpu = stats.cpu().orElseThrow();
      assertThat(cpu.time().total()).isGreaterThan(Duration.ofMillis(10)).isLessThan(Duration.ofSeconds(30));
      assertThat(cpu.throttling().periods()).isPositive();
      Memory memory = stats.memory().orElseThrow();
      assertThat(memory.usage().limit()).isEqualTo(Limit.of(33554432));
      assertThat(memory.usage().current()).isPositive().isLessThan(33554432);
      assertThat(memory.workingSet()).isPositive().isLessThanOrEqualTo(memory.usage().current());
      assertThat(memory.oomKills()).hasValue(0);
      assertThat(stats.pids()).get().satisfies(pids -> assertThat(pids.current()).isBetween(1L, 2L)); // sh, and soon sleep
      assertThat(stats.pids()).get().satisfies(pids -> assertThat(pids.limit()).isEqualTo(Limit.of(20)));
      end(runtime, init);
    }
    assertFails(ErrorKind.NOT_FOUND, () -> runtime.stats("stats"));
  }

  @ParameterizedTest
  @ValueSource(strings = "runc")
  void agreesWithWhatTheRuntimePrints(String name) throws Exception {
    OciRuntime runtime = runtime(name);
    String busy = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; echo ready; sleep 1000";
    try (ContainerProcess init = ready(runtime, "agree", LIMITS, busy)) {
      assertThat(init.stdout().read()).isEqualTo('r');
      runtime.pause("agree"); // nothing moves between the readings
      ContainerStats read;
      ContainerStats printed;
      ContainerStats again;
      do {
        // But for memory.stat, which the kernel adds up every two seconds only: what counts is what stays before and after.
        read = runtime.stats("agree");
        printed = runtime.printedStats("agree");
        again = runtime.stats("agree");
      } while (!again.memory().equals(read.memory()));

      assertThat(printed.cpu()).isEqualTo(read.cpu());
      Memory own = read.memory().orElseThrow();
      Memory theirs = printed.memory().orElseThrow();
      assertThat(theirs)
          .isEqualTo(
              new Memory(
                  own.usage(),
                  own.withSwap(),
                  own.swap(),
                  own.kernel(),
                  own.kernelTcp(),
                  own.cache(),
                  theirs.oomKills(),
                  own.details()));
      Pids pids = read.pids().orElseThrow();
      assertThat(printed.pids()).contains(new Pids(pids.current(), OptionalLong.empty(), pids.limit(), OptionalLong.empty()));
      assertThat(printed.io()).isEqualTo(read.io());
      runtime.resume("agree");
      end(runtime, init);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void tellsWhenTheMemoryRunsOutForAProcessThatIsNotTheFirst(String name) throws Exception {
    OciRuntime runtime = runtime(name);
    String script = "read wait; sh -c '" + EAT + "'; echo $?; sleep 1000";
    Path bundle =
        new Bundles(directory)
            .bundle("oom", spec -> limited(spec, LIMITS), process -> process.args("/bin/sh", "-c", script));
    try (ContainerProcess init = runtime.create("oom", bundle, Stdio.pipes());
        ContainerEvents events = runtime.events("oom")) {
      runtime.start("oom");
      assertThat(events.next(Duration.ZERO)).isEmpty();
      init.stdin().write('\n');
      init.stdin().close();

      assertThat(events.next()).isInstanceOf(Oom.class);
      assertThat(new String(init.stdout().readNBytes(3), US_ASCII)).isEqualTo("137");
      assertThat(init.isAlive()).isTrue();
      assertThat(runtime.stats("oom").memory().orElseThrow().oomKills()).hasValue(1);
      runtime.kill("oom", Signal.KILL);
      ContainerEvent end = events.next();
      while (end instanceof Oom) {
        end = events.next(); // the memory ran out more than once before the kill freed any
      }
      assertThat(end).isInstanceOfSatisfying(Ended.class, ended -> assertThat(ended.oomKilled()).isTrue());
      init.waitFor();
      runtime.delete("oom");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void tellsWhenTheMemoryRunsOutForTheFirstProcess(String name) throws Exception {
    OciRuntime runtime = runtime(name);
    Path bundle =
        new Bundles(directory).bundle("oom1", spec -> limited(spec, LIMITS), process -> process.args("/bin/sh", "-c", EAT));
    try (ContainerProcess init = runtime.create("oom1", bundle, Stdio.none());
        ContainerEvents events = runtime.events(init)) {
      runtime.start("oom1");

      assertThat(events.next()).isInstanceOf(Oom.class);
      ContainerEvent end = events.next();
      while (end instanceof Oom) {
        end = events.next();
      }
      assertThat(end).isInstanceOfSatisfying(Ended.class, ended -> assertThat(ended.kills()).hasValue(1));
      assertThat(init.waitFor()).isEqualTo(new ExitStatus.Signaled(Signal.KILL, false));
      assertFails(ErrorKind.NOT_RUNNING, () -> runtime.events(init).close());
      runtime.delete("oom1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void givesStatisticsUntilTheContainerEnds(String name) throws Exception {
    OciRuntime runtime = runtime(name);
    try (ContainerProcess init = ready(runtime, "period", LIMITS, "sleep 1000");
        ContainerEvents events = runtime.events("period", Duration.ofMillis(20))) {
      for (int i = 0; i < 3; i++) {
        assertThat(events.next())
            .isInstanceOfSatisfying(Stats.class, it -> assertThat(it.stats().pids().orElseThrow().current()).isPositive());
      }
      end(runtime, init);
      ContainerEvent event = events.next();
      while (event instanceof Stats) {
        event = events.next();
      }
      assertThat(event).isInstanceOfSatisfying(Ended.class, ended -> assertThat(ended.oomKilled()).isFalse());
    }
    assertFails(ErrorKind.NOT_FOUND, () -> runtime.limits("period"));
    assertFails(ErrorKind.NOT_RUNNING, () -> runtime.events("period").close());
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void changesLimitsAndKeepsTheOthers(String name) throws Exception {
    OciRuntime runtime = runtime(name);
    try (ContainerProcess init = ready(runtime, "update", LIMITS, "sleep 1000")) {
      LinuxResources before = runtime.limits("update");
      assertThat(before.toString())
          .contains("\"limit\":33554432", "\"reservation\":16777216", "\"shares\":512", "\"quota\":50000", "\"limit\":20");

      runtime.update("update", resources("{\"cpu\": {\"cpus\": \"0\", \"quota\": 25000}, \"pids\": {\"limit\": 30}}"));
      runtime.update("update", resources("{\"memory\": {\"limit\": 25165824}}"));

      LinuxResources change =
          resources(
              """
              {"cpu": {"cpus": "0", "quota": 25000}, "pids": {"limit": 30}, "memory": {"limit": 25165824}}
              """);
      assertThat(runtime.limits("update")).isEqualTo(before.merge(change));
      runtime.update("update", resources("{\"pids\": {\"limit\": 40}}"), UpdateOptions.defaults().withMerge(false));
      assertThat(runtime.limits("update")).isEqualTo(before.merge(change).merge(resources("{\"pids\": {\"limit\": 40}}")));
      assertFails(ErrorKind.NOT_FOUND, () -> runtime.update("nothing", change));
      end(runtime, init);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void limitsWhatHadNoLimit(String name) throws Exception {
    OciRuntime runtime = runtime(name);
    try (ContainerProcess init = ready(runtime, "free", "{}", "sleep 1000")) {
      LinuxResources before = runtime.limits("free");
      LinuxResources change = resources("{\"memory\": {\"limit\": 25165824}, \"cpu\": {\"shares\": 100}}");

      runtime.update("free", change);

      assertThat(runtime.limits("free")).isEqualTo(before.merge(change));
      end(runtime, init);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void saysThatALimitIsTooLowForTheRuntimeItself(String name) throws Exception {
    OciRuntime runtime = runtime(name);
    Path bundle =
        new Bundles(directory)
            .bundle("low", spec -> limited(spec, "{\"memory\": {\"limit\": 16384}}"), process -> process.args("/bin/true"));

    assertThatThrownBy(() -> runtime.create("low", bundle, Stdio.none()))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("memory limit may be less than what the runtime itself needs");
  }

  @ParameterizedTest
  @ValueSource(strings = "runsc")
  void asksTheSandboxForWhatOnlyItKnows(String name) throws Exception {
    OciRuntime runtime = runtime(name);
    Path bundle = new Bundles(directory).script("sandbox", "sleep 1000");
    try (ContainerProcess init = runtime.create("sandbox", bundle, Stdio.none());
        ContainerEvents events = runtime.events("sandbox", Duration.ofHours(1))) {
      runtime.start("sandbox");

      ContainerStats stats = runtime.stats("sandbox");

      assertThat(stats.pids()).get().satisfies(pids -> assertThat(pids.current()).isPositive());
      assertThat(stats.memory()).get().satisfies(memory -> assertThat(memory.usage().current()).isPositive());
      assertThat(events.next()).isInstanceOf(Stats.class);
      end(runtime, init);
      assertThat(events.next()).isInstanceOf(Ended.class);
    }
  }
}
