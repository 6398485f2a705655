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
import io.containerkit.testing.Residue;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Creates of real runtimes that are broken off at every instant, by the caller and by the kill of the runtime: there is a container
/// afterwards or nothing of it.
@Timeout(180)
class BrokenOffCreateIT {

  /// A create takes runc 30 ms and crun 10 ms on an idle machine, three times as long on a busy one.
  private static final Instants SHORT = new Instants(12, 4);

  /// runsc takes 150 ms.
  private static final Instants LONG = new Instants(7, 35);

  /// When to break off.
  private record Instants(int count, int milliseconds) {}

  @TempDir Path directory;

  @Test
  void anInterruptOfRuncLeavesNothing() throws Exception {
    breakOff(OciRuntime.builder("runc"), SHORT, Thread::interrupt);
  }

  @Test
  void aKillOfRuncLeavesNothing() throws Exception {
    breakOff(OciRuntime.builder("runc"), SHORT, _ -> killCreate("runc"));
  }

  @Test
  void anInterruptOfCrunLeavesNothing() throws Exception {
    try (MountNamespace mounts = CrunIT.crunNamespace()) {
      breakOff(OciRuntime.builder("crun").mountNamespace(mounts), SHORT, Thread::interrupt);
    }
  }

  @Test
  void aKillOfCrunLeavesNothing() throws Exception {
    try (MountNamespace mounts = CrunIT.crunNamespace()) {
      breakOff(OciRuntime.builder("crun").mountNamespace(mounts), SHORT, _ -> killCreate("crun"));
    }
  }

  @Test
  void anInterruptOfRunscLeavesNothing() throws Exception {
    breakOff(new RunscIT().builder(directory), LONG, Thread::interrupt);
  }

  @Test
  void aKillOfRunscLeavesNothing() throws Exception {
    breakOff(new RunscIT().builder(directory), LONG, _ -> killCreate("runsc"));
  }

  @Test
  void aLimitThatTheHostRefusesIsNamed() {
    Bundles bundles = new Bundles(directory);
    Path bundle =
        bundles.bundle(
            "limits", spec -> spec, process -> process.rlimits(List.of(Rlimit.of("RLIMIT_NOFILE", 1L << 40, 1L << 40))));
    CommandException failure =
        Objects.requireNonNull(attempt(runtime(OciRuntime.builder("runc")), "limits", bundle).failure());
    assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(ErrorKind.UNSUPPORTED);
    assertThat(failure).hasMessageContaining("CAP_SYS_RESOURCE");
  }

  private interface Breaker {
    void breakOff(Thread creator);
  }

  private record Outcome(Optional<ContainerProcess> process, @Nullable CommandException failure) {}

  private OciRuntime runtime(OciRuntimeBuilder builder) {
    return builder.root(directory.resolve("runtime/root")).workDirectory(directory.resolve("work")).build();
  }

  private static Outcome attempt(OciRuntime runtime, String id, Path bundle) {
    try {
      return new Outcome(Optional.of(runtime.create(id, bundle, Stdio.none())), null);
    } catch (CommandException e) {
      return new Outcome(Optional.empty(), e);
    }
  }

  private void breakOff(OciRuntimeBuilder builder, Instants instants, Breaker breaker) throws Exception {
    OciRuntime runtime = runtime(builder);
    Bundles bundles = new Bundles(directory);
    runtime.list();
    int broken = 0;
    for (int instant = 0; instant < instants.count(); instant++) {
      String id = "broken-" + instant;
      Path bundle = bundles.script(id, "sleep 1000");
      try (Residue _ = Residue.watch(Set.of(directory))) {
        AtomicReference<Outcome> outcome = new AtomicReference<>();
        Thread creator = Thread.ofVirtual().start(() -> outcome.set(attempt(runtime, id, bundle)));
        LockSupport.parkNanos(1_000_000L * instant * instants.milliseconds());
        breaker.breakOff(creator);
        creator.join();
        CommandException failure = outcome.get().failure();
        if (failure != null) {
          broken++;
          assertThat(failure.getSuppressed()).as("instant %d: %s", instant, failure.getMessage()).isEmpty();
        }
        outcome.get().process().ifPresent(
            process -> {
              runtime.deleteForcibly(id);
              process.close();
            });
      }
    }
    assertThat(broken).as("creates that were broken off").isPositive();
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
