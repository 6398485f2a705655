package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.runtime.ContainerEvent.Ended;
import io.containerkit.runtime.ContainerEvent.Oom;
import io.containerkit.runtime.ContainerEvent.Stats;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ContainerEventsTest {

  private static final ContainerStats STATS =
      new ContainerStats(
          Instant.EPOCH, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of(), List.of());
  private static final Duration NO_TIME = Duration.ZERO;
  private static final Duration LONG = Duration.ofDays(400_000_000); // more nanoseconds than a long holds

  private OptionalLong kills = OptionalLong.of(0);

  @Test
  void givesStatisticsAtOnceAndThenAtTheInterval() throws InterruptedException {
    try (ContainerEvents events = events(() -> STATS, Duration.ofMillis(50))) {
      long start = System.nanoTime();

      assertThat(events.next(NO_TIME)).contains(new Stats(STATS));
      assertThat(events.next(NO_TIME)).isEmpty();
      assertThat(events.next()).isEqualTo(new Stats(STATS));
      assertThat(events.next(LONG)).contains(new Stats(STATS));

      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(Duration.ofMillis(100).toNanos());
    }
  }

  @Test
  void givesOneStatisticToWhoeverTakesLate() throws InterruptedException {
    AtomicInteger reads = new AtomicInteger();
    Supplier<ContainerStats> counting =
        () -> {
          reads.incrementAndGet();
          return STATS;
        };
    try (ContainerEvents events = events(counting, Duration.ofNanos(1))) {
      assertThat(reads).hasValue(0);
      events.next(LONG);
      assertThat(reads).hasValue(1);
    }
  }

  @Test
  void tellsOfOutOfMemoryBeforeStatisticsAndOnce() throws InterruptedException {
    try (ContainerEvents events = events(() -> STATS, Duration.ofHours(1))) {
      kills = OptionalLong.of(2);
      events.outOfMemory();

      assertThat(events.next(NO_TIME)).get().extracting("kills").isEqualTo(OptionalLong.of(2));
      assertThat(events.next(NO_TIME)).contains(new Stats(STATS));
      assertThat(events.next(NO_TIME)).isEmpty();
    }
  }

  @Test
  void makesOneEventOfSeveralNotices() throws InterruptedException {
    try (ContainerEvents events = events(() -> STATS, null)) {
      kills = OptionalLong.of(1);
      events.outOfMemory();
      kills = OptionalLong.of(2);
      events.outOfMemory();

      assertThat(events.next(NO_TIME)).get().isInstanceOf(Oom.class).extracting("kills").isEqualTo(OptionalLong.of(2));
      assertThat(events.next(NO_TIME)).isEmpty();
    }
  }

  @Test
  void endsWithTheCountAtTheExit() throws InterruptedException {
    try (ContainerEvents events = events(() -> STATS, null)) {
      events.ended();

      ContainerEvent end = events.next(NO_TIME).orElseThrow();
      assertThat(end).isInstanceOfSatisfying(Ended.class, ended -> assertThat(ended.oomKilled()).isFalse());
      assertThat(events.next(NO_TIME)).contains(end);
    }
  }

  @Test
  void reportsTheKillOfWhichNoNoticeCame() throws InterruptedException {
    try (ContainerEvents events = events(() -> STATS, null)) {
      kills = OptionalLong.of(1);
      events.ended();

      assertThat(events.next(NO_TIME)).get().isInstanceOf(Oom.class);
      assertThat(events.next(NO_TIME)).get().isInstanceOfSatisfying(Ended.class, e -> assertThat(e.oomKilled()).isTrue());
    }
  }

  @Test
  void reportsAKillOnceWhenItIsCountedAfterItsNotice() throws InterruptedException {
    try (ContainerEvents events = events(() -> STATS, null)) {
      events.outOfMemory(); // v1: the count is still 0
      assertThat(events.next(NO_TIME)).get().isInstanceOf(Oom.class);
      kills = OptionalLong.of(1);
      events.ended();

      assertThat(events.next(NO_TIME)).get().extracting("kills").isEqualTo(OptionalLong.of(1));
      assertThat(events.next(NO_TIME)).get().isInstanceOf(Ended.class);
    }
  }

  @Test
  void remembersTheKillWhenTheControlGroupIsGoneAtTheExit() throws InterruptedException {
    try (ContainerEvents events = events(() -> STATS, null)) {
      events.outOfMemory();
      kills = OptionalLong.empty();
      events.ended();

      assertThat(events.next(NO_TIME)).get().isInstanceOf(Oom.class);
      assertThat(events.next(NO_TIME)).get().isInstanceOfSatisfying(Ended.class, e -> assertThat(e.oomKilled()).isTrue());
    }
  }

  @Test
  void wakesWhoWaits() throws Exception {
    try (ContainerEvents events = events(() -> STATS, null)) {
      CompletableFuture<ContainerEvent> taken = new CompletableFuture<>();
      Thread taker = take(events, taken);
      awaitWaiting(taker);
      events.outOfMemory();

      assertThat(taken.get()).isInstanceOf(Oom.class);
      taker.join();
    }
  }

  @Test
  void passesOverStatisticsOfAContainerThatHasJustEnded() throws InterruptedException {
    ContainerEvents[] self = new ContainerEvents[1];
    Supplier<ContainerStats> gone =
        () -> {
          self[0].ended();
          throw new EngineException(ErrorKind.NOT_FOUND, "web", "gone", null);
        };
    try (ContainerEvents events = events(gone, Duration.ofHours(1))) {
      self[0] = events;
      assertThat(events.next()).isInstanceOf(Ended.class);
    }
  }

  @Test
  void handsFailuresToTheTaker() {
    Supplier<ContainerStats> broken =
        () -> {
          throw new EngineException(ErrorKind.IO, "web", "broken", null);
        };
    try (ContainerEvents events = events(broken, Duration.ofHours(1))) {
      assertThatThrownBy(() -> events.next(NO_TIME)).isInstanceOf(EngineException.class).hasMessage("broken");
    }
  }

  @Test
  void closesItsSourcesOnceAndWakesWhoWaits() throws Exception {
    AtomicInteger closed = new AtomicInteger();
    ContainerEvents events = events(() -> STATS, null);
    events.own(closed::incrementAndGet);
    CompletableFuture<ContainerEvent> taken = new CompletableFuture<>();
    Thread taker = take(events, taken);
    awaitWaiting(taker);

    events.close();
    events.close();

    assertThat(closed).hasValue(1);
    assertThatThrownBy(taken::get).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> events.next(NO_TIME)).isInstanceOf(IllegalStateException.class);
    taker.join();
  }

  @Test
  void refusesAnIntervalOfNothing() {
    assertThatThrownBy(() -> events(() -> STATS, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
  }

  private ContainerEvents events(Supplier<ContainerStats> stats, @Nullable Duration interval) {
    return new ContainerEvents(stats, () -> kills, interval);
  }

  private static Thread take(ContainerEvents events, CompletableFuture<ContainerEvent> taken) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                taken.complete(events.next());
              } catch (InterruptedException | RuntimeException e) {
                taken.completeExceptionally(e);
              }
            });
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
  }
}
