package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.containerkit.linux.Cgroup;
import io.containerkit.linux.Cgroups;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.ContainerException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.LogEntry;
import io.containerkit.testing.LeavesNothing;
import io.containerkit.testing.Residue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A runtime that goes wrong in every way: there is a container afterwards, or a failure that says why and nothing else.
@Timeout(60)
@LeavesNothing
@SuppressWarnings("NullAway.Init") // the fields are set before each test
class CreateFaultsTest {

  @TempDir Path directory;
  private FakeRuntime fake;
  private Bundles bundles;

  @BeforeEach
  void prepare() throws Exception {
    fake = new FakeRuntime(directory);
    bundles = new Bundles(directory);
    at(fake.builder()).list();
  }

  private OciRuntime at(OciRuntimeBuilder builder) {
    return builder.root(directory.resolve("runtime/root")).workDirectory(directory.resolve("work")).build();
  }

  private CommandException createFails(OciRuntime runtime) {
    Path bundle = bundles.script("victim", "sleep 1000");
    return catchThrowableOfType(CommandException.class, () -> runtime.create("victim", bundle, Stdio.output()));
  }

  @ParameterizedTest
  @CsvSource({
    "garbage, INTERNAL, neither",
    "mute, INTERNAL, exit 3",
    "panic, INTERNAL, panic: runtime error",
    "full, NO_SPACE, no space left",
    "invalid, INVALID_CONFIG, invalid character",
    "noisy-failure, INTERNAL, exit 1",
    "killed, INTERNAL, killed by SIGKILL",
    "die-early, INTERNAL, killed by SIGKILL",
    "die, INTERNAL, killed by SIGKILL",
    "no-pid-file, INTERNAL, no pid file",
    "junk-pid, INTERNAL, no pid file",
    "zero-pid, INTERNAL, no pid file",
    "wrong-pid, INTERNAL, 'process 1, which is older'",
  })
  void tellsWhatWentWrong(String fault, ErrorKind kind, String text) {
    CommandException failure = createFails(at(fake.faulty("create", fault)));
    assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
    assertThat(failure.getMessage() + failure.stderrTail() + failure.log()).contains(text);
    assertThat(failure.getMessage()).startsWith("runc create \"victim\": ");
    assertThat(failure.getSuppressed()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hang", "stubborn", "hang-late", "hang-later"})
  void aDeadlineEndsACreateThatHangs(String fault) {
    OciRuntime runtime = at(fake.faulty("create", fault).deadline(Duration.ofMillis(300)));
    CommandException failure = createFails(runtime);
    assertThat(failure.kind()).isEqualTo(ErrorKind.TIMED_OUT);
    assertThat(failure.getSuppressed()).isEmpty();
    assertThat(failure.exitStatus()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hang", "hang-late", "hang-later"})
  void anInterruptEndsACreateAndIsKept(String fault) throws Exception {
    OciRuntime runtime = at(fake.faulty("create", fault));
    AtomicReference<CommandException> failure = new AtomicReference<>();
    AtomicReference<Boolean> interrupted = new AtomicReference<>();
    Thread creator =
        Thread.ofVirtual()
            .start(
                () -> {
                  failure.set(createFails(runtime));
                  interrupted.set(Thread.currentThread().isInterrupted());
                });
    while (fake.calls().stream().noneMatch(call -> call.startsWith("create"))) {
      Thread.onSpinWait();
    }
    creator.interrupt();
    creator.join();
    assertThat(failure.get().kind()).isEqualTo(ErrorKind.CANCELLED);
    assertThat(failure.get().getSuppressed()).isEmpty();
    assertThat(interrupted.get()).isTrue();
  }

  @Test
  void aCreateThatHangsWithAnIdInUseHarmsNobody() throws Exception {
    OciRuntime good = at(fake.builder());
    try (ContainerProcess first = good.create("victim", bundles.script("victim", "sleep 1000"), Stdio.none())) {
      CommandException failure = createFails(at(fake.faulty("create", "hang").deadline(Duration.ofMillis(300))));
      assertThat(failure.kind()).isEqualTo(ErrorKind.TIMED_OUT);
      assertThat(first.isAlive()).isTrue();
      good.deleteForcibly("victim");
      first.waitFor();
    }
  }

  @Test
  void aCreateForWhichDescriptorsRunOutLeavesNothing() throws Exception {
    ScarceDescriptors.loadClasses();
    createFails(at(fake.faulty("create", "no-pid-file"))); // what is made once and stays is made now
    OciRuntime runtime = at(fake.builder());
    Path bundle = bundles.script("victim", "sleep 1000");
    int failed = 0;
    boolean created = false;
    for (int left = 0; !created; left++) {
      try (Residue _ = Residue.watch(Set.of(directory))) {
        try (ScarceDescriptors _ = ScarceDescriptors.leaving(left)) {
          // No pipe of which a closed end would be a descriptor again.
          runtime.create("victim", bundle, Stdio.none()).close();
          created = true;
        } catch (ContainerException e) {
          failed++;
          assertThat(e.getSuppressed()).as("with %d left: %s", left, e.getMessage()).isEmpty();
          assertThat(runtime.list()).as("with %d left: %s", left, e.getMessage()).isEmpty();
        }
        runtime.deleteForcibly("victim");
      }
    }
    assertThat(failed).isGreaterThan(12);
  }

  @Test
  void whatHasTheSameNameInAnotherPlaceIsLeftAlone() throws Exception {
    Cgroup foreign = Cgroups.host().at(Path.of(Bundles.CGROUP + "-other/victim"));
    List<Path> groups = foreign.v1().isEmpty() ? List.copyOf(foreign.directories()) : List.of(Objects.requireNonNull(foreign.v1().get("pids")), Objects.requireNonNull(foreign.v1().get("memory")));
    for (Path group : groups) {
      Files.createDirectories(group);
    }
    OciRuntime runtime = at(fake.faulty("create", "hang-late").deadline(Duration.ofMillis(700)));
    AtomicReference<CommandException> failure = new AtomicReference<>();
    Thread creator = Thread.ofVirtual().start(() -> failure.set(createFails(runtime)));
    while (fake.calls().stream().noneMatch(call -> call.startsWith("create"))) {
      Thread.onSpinWait();
    }
    // Younger than the command, and in the first of two groups of which the other one is empty.
    Process neighbour = new ProcessBuilder("sleep", "1000").start();
    try {
      Files.writeString(groups.getFirst().resolve("cgroup.procs"), Long.toString(neighbour.pid()));
      creator.join();
      assertThat(failure.get().kind()).isEqualTo(ErrorKind.TIMED_OUT);
      assertThat(failure.get().getSuppressed()).isEmpty();
      assertThat(neighbour.isAlive()).isTrue();
      assertThat(groups).allMatch(Files::isDirectory);
    } finally {
      neighbour.destroyForcibly().waitFor();
      foreign.remove(Duration.ofSeconds(5));
      for (Path group : groups) {
        Files.deleteIfExists(group.getParent());
      }
    }
  }

  @Test
  void aMebibyteOfStandardErrorBlocksNothing() throws Exception {
    OciRuntime runtime = at(fake.faulty("create", "noisy"));
    try (ContainerProcess process = runtime.create("victim", bundles.script("victim", "echo end >&2"), Stdio.pipes())) {
      runtime.start("victim");
      byte[] words = process.stderr().readAllBytes();
      assertThat(words).hasSize((1 << 20) + 4).endsWith("end\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      process.waitFor();
      runtime.delete("victim");
    }
  }

  @Test
  void aMebibyteOfStandardErrorOfAnotherCommandLeavesItsTail() {
    OciRuntime runtime = at(fake.faulty("state", "noisy-failure"));
    CommandException failure = catchThrowableOfType(CommandException.class, () -> runtime.state("victim"));
    assertThat(failure.stderrTail()).endsWith("the last word").hasSizeLessThanOrEqualTo(Capture.TAIL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "state    | garbage",
        "state    | {\"id\":7}",
        "state    | []",
        "list     | {\"id\":\"victim\"}",
        "list     | [7]",
        "list     | [{\"id\":7}]",
        "ps       | [1.5]",
        "ps       | [99999999999]",
        "ps       | [\"1\"]",
        "ps       | 1",
        "features | [",
        "features | {\"hooks\":7}",
        "events   | {\"type\":\"stats\",\"data\":7}",
        "events   | {\"type\":7}",
        "events   | {}",
      })
  void whatCannotBeReadIsAFailureOfTheCommandThatPrintedIt(String command, String printed) throws Exception {
    OciRuntime good = at(fake.builder());
    try (ContainerProcess _ = good.create("victim", bundles.script("victim", "sleep 1000"), Stdio.none())) {
      OciRuntime runtime = at(fake.faulty(command, "prints-" + printed));
      CommandException failure =
          catchThrowableOfType(
              CommandException.class,
              () -> {
                switch (command) {
                  case "state" -> runtime.state("victim");
                  case "list" -> runtime.list();
                  case "ps" -> runtime.ps("victim");
                  case "features" -> runtime.features();
                  default -> runtime.printedStats("victim");
                }
              });
      assertThat(failure.kind()).isEqualTo(ErrorKind.INTERNAL);
      assertThat(failure).hasMessageStartingWith("runc " + command).hasMessageContaining(": it printed what cannot be read: ");
      assertThat(failure.argv()).contains(command);
      assertThat(failure.stderrTail()).startsWith(printed);
      good.deleteForcibly("victim");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hang", "stubborn"})
  void aDeadlineEndsEveryOtherCommand(String fault) {
    OciRuntime runtime = at(fake.faulty("state", fault).deadline(Duration.ofMillis(200)));
    assertThatExceptionOfType(CommandException.class)
        .isThrownBy(() -> runtime.state("victim"))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.TIMED_OUT));
  }

  @Test
  void aStateThatCannotBeHadIsNotTakenForTheEnd() {
    OciRuntime runtime = at(fake.faulty("state", "mute"));
    CommandException failure = catchThrowableOfType(CommandException.class, () -> runtime.load("victim"));
    assertThat(failure.kind()).isEqualTo(ErrorKind.INTERNAL);
  }

  @Test
  void aRuntimeThatIsMissingOrNoProgramIsNotFound() throws Exception {
    Path plain = Files.writeString(directory.resolve("plain"), "no program");
    for (String binary : new String[] {directory.resolve("missing").toString(), "no-such-runtime", plain.toString()}) {
      assertThatExceptionOfType(CommandException.class)
          .isThrownBy(() -> at(OciRuntime.builder(binary)).list())
          .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.RUNTIME_NOT_FOUND))
          .withMessageContaining("install it, or name another");
    }
  }

  @Test
  void logsAreKeptOnDemand() throws Exception {
    Path logs = directory.resolve("logs");
    OciRuntime runtime = at(fake.builder().logDirectory(logs));
    assertThatExceptionOfType(CommandException.class)
        .isThrownBy(() -> runtime.state("nobody"))
        .satisfies(e -> assertThat(e.log()).extracting(LogEntry::message).containsExactly("container does not exist"));
    try (var files = Files.list(logs)) {
      assertThat(files).singleElement().asString().contains("state-");
    }
  }

  @Test
  void aGrandchildThatHoldsThePipeDoesNotHoldTheReader() throws Exception {
    OciRuntime runtime = at(fake.builder().drain(Duration.ofMillis(100)));
    Path bundle = bundles.script("victim", "echo before; sleep 1000 & exit 0");
    try (ContainerProcess process = runtime.create("victim", bundle, Stdio.output())) {
      runtime.start("victim");
      assertThat(process.stdout().readAllBytes()).asString().isEqualTo("before\n");
      assertThat(process.outputCut()).isTrue();
      process.waitFor();
      runtime.delete("victim");
    }
  }

  @Test
  void aFifoTakesOutputWithoutAReader() throws Exception {
    Path fifo = directory.resolve("fifo");
    new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor();
    OciRuntime runtime = at(fake.builder());
    Stdio.Stream file = new Stdio.Stream.File(fifo, true);
    try (ContainerProcess process =
        runtime.create("victim", bundles.script("victim", "echo x; exit 6"), Stdio.of(new Stdio.Stream.Null(), file, file))) {
      runtime.start("victim");
      assertThat(process.waitFor().shellCode()).isEqualTo(6);
      runtime.delete("victim");
    }
    assertThatExceptionOfType(CommandException.class)
        .isThrownBy(() -> runtime.create("victim", directory, Stdio.of(file, new Stdio.Stream.Null(), new Stdio.Stream.Null())))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_ARGUMENT));
  }
}
