package io.containerkit.engine;

import io.containerkit.linux.ExitStatus;
import java.time.Instant;
import java.util.Optional;

/// What a container is doing. The order is `Created` → `Running` → `Stopped` → `Removed`; a step may be left out, none is repeated.
/// Being paused is not a state of its own here: the runtime knows it, [Container#runtimeState()] asks it.
public sealed interface ContainerState {

  /// Its namespaces, cgroup and root exist and its init process waits. What may follow: `start`, `exec`, a signal, removal.
  ///
  /// @param pid the init process, in the host's pid namespace
  record Created(int pid) implements ContainerState {}

  /// Its init process runs the container's command. What may follow: `exec`, a signal, `pause`, `resume`, `update`, removal.
  ///
  /// @param pid the init process, in the host's pid namespace
  /// @param since when `start` succeeded; empty if that was not asked of this [Container] but of another one, which wrote it down nowhere
  record Running(int pid, Optional<Instant> since) implements ContainerState {}

  /// Its init process has ended. What may follow: removal.
  ///
  /// @param status how the init process ended
  /// @param at when that became known
  record Stopped(ExitStatus status, Instant at) implements ContainerState {}

  /// Nothing of it is left. Nothing may follow.
  record Removed() implements ContainerState {}
}
