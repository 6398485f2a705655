package io.containerkit.engine;

import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.Signal;
import io.containerkit.linux.Terminal;
import io.containerkit.runtime.ContainerProcess;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The init process of a container, which may have ended before anybody looked for it, with the executions that end no later than it.
/// Thread-safe.
final class InitProcess implements AutoCloseable {

  /// How long the exits of executions may take to be known once init, and with it every process of its pid namespace, has ended.
  private static final Duration EXECUTIONS_END = Duration.ofSeconds(1);

  private static final ExitStatus ENDED_BEFORE = new ExitStatus.Unknown("it had ended before the container was found");

  private final Optional<ContainerProcess> process;
  private final Set<Execution> executions = ConcurrentHashMap.newKeySet();
  private @Nullable Instant endedAt;

  /// @param process empty if it had ended before it was looked for
  InitProcess(Optional<ContainerProcess> process) {
    this.process = process;
  }

  Optional<ContainerProcess> process() {
    return process;
  }

  int pid() {
    return process.map(ContainerProcess::pid).orElse(0);
  }

  OutputStream stdin() {
    return process.map(ContainerProcess::stdin).orElseGet(OutputStream::nullOutputStream);
  }

  InputStream stdout() {
    return process.map(ContainerProcess::stdout).orElseGet(InputStream::nullInputStream);
  }

  InputStream stderr() {
    return process.map(ContainerProcess::stderr).orElseGet(InputStream::nullInputStream);
  }

  Optional<Terminal> terminal() {
    return process.flatMap(ContainerProcess::terminal);
  }

  boolean outputCut() {
    return process.isPresent() && process.get().outputCut();
  }

  boolean isAlive() {
    return process.isPresent() && process.get().isAlive();
  }

  /// How it ended, or null.
  @Nullable ExitStatus ended() {
    return exit().getNow(null);
  }

  /// When it became known that it has ended.
  synchronized Instant endedAt() {
    Instant at = endedAt;
    if (at == null) {
      at = Instant.now();
      endedAt = at;
    }
    return at;
  }

  private CompletableFuture<ExitStatus> exit() {
    return process.isPresent() ? process.get().onExit() : CompletableFuture.completedFuture(ENDED_BEFORE);
  }

  CompletableFuture<ExitStatus> onExit() {
    return exit().thenApply(this::settled);
  }

  ExitStatus waitFor() throws InterruptedException {
    return settled(process.isPresent() ? process.get().waitFor() : ENDED_BEFORE);
  }

  Optional<ExitStatus> waitFor(Duration timeout) throws InterruptedException {
    return (process.isPresent() ? process.get().waitFor(timeout) : Optional.of(ENDED_BEFORE)).map(this::settled);
  }

  /// What stops it, unless it has ended.
  interface Stopping {
    ExitStatus stop(ContainerProcess init) throws InterruptedException;
  }

  ExitStatus stop(Stopping stopping) throws InterruptedException {
    return settled(process.isPresent() ? stopping.stop(process.get()) : ENDED_BEFORE);
  }

  boolean signal(Signal signal) {
    return process.isPresent() && process.get().signal(signal);
  }

  Execution add(Execution execution) {
    executions.add(execution);
    return execution;
  }

  void forget(Execution execution) {
    executions.remove(execution);
  }

  /// The exit of init is the last exit that is told: every process of its pid namespace has ended by then, only the news may be late.
  private ExitStatus settled(ExitStatus status) {
    endedAt();
    CompletableFuture<?>[] exits = executions.stream().map(Execution::onExit).toArray(CompletableFuture<?>[]::new);
    if (exits.length > 0) {
      CompletableFuture.allOf(exits).completeOnTimeout(null, EXECUTIONS_END.toMillis(), TimeUnit.MILLISECONDS).join();
    }
    return status;
  }

  /// Ends the executions that still run.
  void closeExecutions() {
    executions.forEach(Execution::close);
  }

  /// Lets go of it.
  @Override
  public void close() {
    process.ifPresent(ContainerProcess::close);
  }
}
