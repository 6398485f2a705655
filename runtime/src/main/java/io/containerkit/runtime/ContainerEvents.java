package io.containerkit.runtime;

import io.containerkit.runtime.ContainerEvent.Ended;
import io.containerkit.runtime.ContainerEvent.Oom;
import io.containerkit.runtime.ContainerEvent.Stats;
import io.containerkit.spec.ContainerException;
import io.containerkit.spec.ErrorKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The events of one container, taken one at a time: out-of-memory kills, its statistics at an interval if one was asked for, and
/// its end.
///
/// {@snippet :
/// try (ContainerEvents events = runtime.events("web", Duration.ofSeconds(1))) {
///   while (true) {
///     switch (events.next()) {
///       case ContainerEvent.Stats(var stats) -> show(stats);
///       case ContainerEvent.Oom oom -> warn(oom);
///       case ContainerEvent.Ended ended -> {
///         return;
///       }
///     }
///   }
/// }
/// }
///
/// There is no thread behind it: statistics are read by the one who takes them, when they are due. Who takes late gets one
/// statistic, of then, not those that he missed; out-of-memory events that came meanwhile are one event with the last count. No
/// runtime command runs either, except where only the runtime knows the numbers (runsc).
///
/// Thread-safe, though each event goes to one taker.
public final class ContainerEvents implements AutoCloseable {

  /// An interval, for what never happens.
  private static final Duration NEVER = Duration.ofDays(36_500);

  /// What tells of events.
  interface Source extends AutoCloseable {
    @Override
    void close();
  }

  private final Supplier<ContainerStats> stats;
  private final Supplier<OptionalLong> oomKills;
  private final Duration interval;
  private final List<Source> sources = new ArrayList<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // What follows is guarded by the lock.
  private @Nullable Oom oom;
  private @Nullable Ended end;
  private Deadline statsDue;
  private long kills;
  private boolean closed;

  /// @param stats reads the numbers; may block
  /// @param oomKills reads how many processes were killed, empty if nobody counts; must not block
  /// @param interval between statistics, or null for none
  ContainerEvents(Supplier<ContainerStats> stats, Supplier<OptionalLong> oomKills, @Nullable Duration interval) {
    if (interval != null && !interval.isPositive()) {
      throw new IllegalArgumentException("an interval between statistics is longer than nothing: " + interval);
    }
    this.stats = stats;
    this.oomKills = oomKills;
    this.interval = interval == null ? NEVER : interval;
    this.statsDue = Deadline.in(interval == null ? NEVER : Duration.ZERO);
  }

  /// Takes over what tells of the events, to be closed with this object. To be called before it is shared.
  void own(Source source) {
    sources.add(source);
  }

  /// To be called when the kernel tells that the memory ran out. The count is read at once: a moment later the container, and its
  /// control group with the count, may be gone.
  void outOfMemory() {
    OptionalLong count = oomKills.get();
    lock.lock();
    try {
      // On v1 this notice comes before its kill is counted, so each stands for one kill at least.
      kills = Math.max(kills + 1, count.orElse(0));
      oom = new Oom(Instant.now(), count);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// To be called when the container has ended. What the counter says now is final: a kill of which no notice came is one event
  /// before the end.
  void ended() {
    OptionalLong count = oomKills.get();
    lock.lock();
    try {
      Instant now = Instant.now();
      if (count.orElse(0) > kills) {
        oom = new Oom(now, count);
      }
      end = new Ended(now, count.isEmpty() && kills > 0 ? OptionalLong.of(kills) : count);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for the next event. Once the container has ended, that is the end, again and again.
  ///
  /// @return empty if none came in this time
  /// @throws IllegalStateException if this object is closed, before or meanwhile
  /// @throws ContainerException if statistics are due and cannot be read
  public Optional<ContainerEvent> next(Duration timeout) throws InterruptedException {
    Deadline deadline = Deadline.in(timeout);
    while (true) {
      lock.lockInterruptibly();
      try {
        ContainerEvent event = pending();
        while (event == null && !statsDue.passed()) {
          if (deadline.passed()) {
            return Optional.empty();
          }
          changed.awaitNanos(Math.min(deadline.left().toNanos(), statsDue.left().toNanos()));
          event = pending();
        }
        if (event != null) {
          return Optional.of(event);
        }
        statsDue = Deadline.in(interval);
      } finally {
        lock.unlock();
      }
      // Not under the lock: where a runtime is asked, it can take long.
      try {
        return Optional.of(new Stats(stats.get()));
      } catch (ContainerException e) {
        if (e.kind() != ErrorKind.NOT_FOUND && e.kind() != ErrorKind.NOT_RUNNING) {
          throw e;
        }
        // The container ended just now, and its end follows.
      }
    }
  }

  /// Waits for the next event, for as long as it takes.
  ///
  /// @throws IllegalStateException if this object is closed, before or meanwhile
  /// @throws ContainerException if statistics are due and cannot be read
  public ContainerEvent next() throws InterruptedException {
    Optional<ContainerEvent> event;
    do {
      event = next(NEVER);
    } while (event.isEmpty());
    return event.get();
  }

  private @Nullable ContainerEvent pending() {
    if (closed) {
      throw new IllegalStateException("the events of the container are closed");
    }
    Oom taken = oom;
    oom = null;
    return taken == null ? end : taken;
  }

  /// Stops listening. Who waits meanwhile gets an [IllegalStateException].
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    sources.forEach(Source::close);
  }
}
