package io.containerkit.runtime;

import java.time.Instant;
import java.util.OptionalLong;

/// Something that happened to a container.
public sealed interface ContainerEvent {

  /// When it was noticed.
  Instant at();

  /// The kernel killed processes of the container because its memory limit was reached (or, with the OOM killer off, stopped them).
  ///
  /// @param at when it was noticed
  /// @param kills how many processes it has killed so far, if that is counted; on cgroup v1 the notice comes before the kill, so
  ///     that this one may not be in the count yet
  record Oom(Instant at, OptionalLong kills) implements ContainerEvent {}

  /// What the container has used so far.
  ///
  /// @param stats the numbers
  record Stats(ContainerStats stats) implements ContainerEvent {
    @Override
    public Instant at() {
      return stats.at();
    }
  }

  /// The container ended; no event follows.
  ///
  /// @param at when it was noticed
  /// @param kills how many of its processes the OOM killer took in all, read after the exit; empty if nobody counted, or the
  ///     control group was gone by then
  record Ended(Instant at, OptionalLong kills) implements ContainerEvent {

    /// Whether the OOM killer took at least one process, which need not have been the first one.
    public boolean oomKilled() {
      return kills.orElse(0) > 0;
    }
  }
}
