package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.linux.MountNamespace;
import io.containerkit.linux.PidFd;
import io.containerkit.linux.ProcessStat;
import io.containerkit.linux.Signal;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.KernelException;
import io.containerkit.spec.Rlimit;
import io.containerkit.testing.LeavesNothing;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Creates of real runtimes that are broken off at instants from the beginning to the end, by the caller, by the deadline and by the kill of
/// the runtime: there is a container afterwards or nothing of it.
@Timeout(180)
@LeavesNothing
class BrokenOffCreateIT {

  /// How many instants are tried of the time that a whole create takes.
  private static final int INSTANTS = 7;

  @TempDir Path directory;

  /// What breaks a create off.
  enum Breaker {
    /// The interrupt of the caller.
    INTERRUPT,
    /// The deadline of the command.
    DEADLINE,
    /// The kill of the runtime.
    KILL
  }

  @ParameterizedTest
  @EnumSource
  void ofRuncNothingIsLeft(Breaker breaker) throws Exception {
    breakOff(OciRuntime.builder("runc"), breaker);
  }

  @ParameterizedTest
  @EnumSource
  void ofCrunNothingIsLeft(Breaker breaker) throws Exception {
    try (MountNamespace mounts = CrunIT.crunNamespace()) {
      breakOff(OciRuntime.builder("crun").mountNamespace(mounts), breaker);
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofRunscNothingIsLeft(Breaker breaker) throws Exception {
    breakOff(new RunscIT().builder(directory), breaker);
  }

  @Test
  void aLimitThatTheHostRefusesIsNamed() {
    Bundles bundles = new Bundles(directory);
    Path bundle =
        bundles.bundle(
            "limits", spec -> spec, process -> process.rlimits(List.of(Rlimit.of("RLIMIT_NOFILE", 1L << 40, 1L << 40))));
    CommandException failure =
        Objects.requireNonNull(attempt(runtime(OciRuntime.builder("runc")), "limits", bundle, CreateOptions.defaults()).failure());
    assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(ErrorKind.UNSUPPORTED);
    assertThat(failure).hasMessageContaining("CAP_SYS_RESOURCE");
  }

  private record Outcome(Optional<ContainerProcess> process, @Nullable CommandException failure) {}

  private OciRuntime runtime(OciRuntimeBuilder builder) {
    return builder.root(directory.resolve("runtime/root")).workDirectory(directory.resolve("work")).build();
  }

  private static Outcome attempt(OciRuntime runtime, String id, Path bundle, CreateOptions options) {
    try {
      return new Outcome(Optional.of(runtime.create(id, bundle, options)), null);
    } catch (CommandException e) {
      return new Outcome(Optional.empty(), e);
    }
  }

  private void breakOff(OciRuntimeBuilder builder, Breaker breaker) throws Exception {
    OciRuntime runtime = runtime(builder);
    Bundles bundles = new Bundles(directory);
    // The first finds nothing in the caches.
    Duration whole = Collections.min(List.of(whole(runtime, bundles, "first"), whole(runtime, bundles, "second")));
    Set<Integer> broken = new TreeSet<>();
    for (int instant = 1; instant <= INSTANTS; instant++) {
      String id = "broken-" + instant;
      Path bundle = bundles.script(id, "sleep 1000");
      Duration after = whole.multipliedBy(instant).dividedBy(INSTANTS + 1);
      CommandException failure =
          switch (breaker) {
            case INTERRUPT -> breakOff(runtime, id, bundle, after, Thread::interrupt);
            case KILL -> breakOff(runtime, id, bundle, after, _ -> killCreate(runtime.dialect().name()));
            case DEADLINE -> finish(runtime, id, attempt(runtime, id, bundle, CreateOptions.builder().deadline(after).build()));
          };
      if (failure != null) {
        broken.add(instant);
        assertThat(failure.getSuppressed()).as("instant %d: %s", instant, failure.getMessage()).isEmpty();
        if (breaker != Breaker.KILL) {
          assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(breaker == Breaker.DEADLINE ? ErrorKind.TIMED_OUT : ErrorKind.CANCELLED);
        }
      }
    }
    assertThat(broken).as("the instants at which creates were broken off").hasSizeGreaterThan(INSTANTS / 2);
  }

  private static @Nullable CommandException breakOff(OciRuntime runtime, String id, Path bundle, Duration after, Consumer<Thread> how)
      throws InterruptedException {
    AtomicReference<Outcome> outcome = new AtomicReference<>();
    Thread creator = Thread.ofVirtual().start(() -> outcome.set(attempt(runtime, id, bundle, CreateOptions.defaults())));
    // Not to wait for anything: the instant is what varies.
    LockSupport.parkNanos(after.toNanos());
    how.accept(creator);
    creator.join();
    return finish(runtime, id, outcome.get());
  }

  /// Removes the container, if there is one.
  private static @Nullable CommandException finish(OciRuntime runtime, String id, Outcome outcome) {
    outcome.process().ifPresent(
        process -> {
          runtime.deleteForcibly(id);
          process.close();
        });
    return outcome.failure();
  }

  private static Duration whole(OciRuntime runtime, Bundles bundles, String id) {
    Path bundle = bundles.script(id, "sleep 1000");
    long started = System.nanoTime();
    Outcome outcome = attempt(runtime, id, bundle, CreateOptions.defaults());
    Duration whole = Duration.ofNanos(System.nanoTime() - started);
    assertThat(finish(runtime, id, outcome)).isNull();
    return whole;
  }

  /// Kills the runtime's command, a child of this JVM, as an impatient administrator would.
  private static void killCreate(String runtime) {
    int self = (int) ProcessHandle.current().pid();
    for (String name : Objects.requireNonNull(new File("/proc").list())) {
      if (!Character.isDigit(name.charAt(0))) {
        continue;
      }
      Optional<ProcessStat> stat = ProcessStat.of(Integer.parseInt(name));
      if (stat.isPresent() && stat.get().parent() == self && stat.get().command().equals(runtime)) {
        try (PidFd process = PidFd.open(stat.get().pid())) {
          process.signal(Signal.KILL);
        } catch (KernelException e) {
          assertThat(e.kind()).isEqualTo(ErrorKind.NO_SUCH_PROCESS);
        }
      }
    }
  }
}
