package io.containerkit.cli;

import io.containerkit.linux.Signal;

/// What happens when a signal comes to ckit, until it is closed.
///
/// `sun.misc.Signal` is unsupported and the only way: the JVM has handlers of its own, and signals reach a `signalfd` only where every
/// thread has blocked them before the JVM started its own.
final class SignalHook implements AutoCloseable {

  private final sun.misc.Signal signal;
  private final sun.misc.SignalHandler before;

  private SignalHook(sun.misc.Signal signal, sun.misc.SignalHandler before) {
    this.signal = signal;
    this.before = before;
  }

  /// Does this on a thread of its own whenever the signal comes.
  static SignalHook on(Signal signal, Runnable action) {
    sun.misc.Signal raw = new sun.misc.Signal(signal.name().substring("SIG".length()));
    return new SignalHook(raw, sun.misc.Signal.handle(raw, _ -> action.run()));
  }

  /// Gives the signal back to whom it belonged.
  @Override
  public void close() {
    sun.misc.Signal.handle(signal, before);
  }
}
