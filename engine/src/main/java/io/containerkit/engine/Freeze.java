package io.containerkit.engine;

import io.containerkit.runtime.OciRuntime;
import io.containerkit.spec.State;

/// Keeps the processes of a container from changing its files until this is closed.
record Freeze(OciRuntime runtime, String id, boolean frozen) implements AutoCloseable {

  /// Freezes a container that runs. One that is paused already stays so afterwards.
  ///
  /// @param wanted false to do nothing at all
  static Freeze of(OciRuntime runtime, String id, boolean wanted) {
    boolean runs = wanted && runtime.state(id).status() == State.Status.RUNNING;
    if (runs) {
      runtime.pause(id);
    }
    return new Freeze(runtime, id, runs);
  }

  @Override
  public void close() {
    if (frozen) {
      runtime.resume(id);
    }
  }
}
