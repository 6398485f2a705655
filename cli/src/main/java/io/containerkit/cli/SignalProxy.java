package io.containerkit.cli;

import io.containerkit.linux.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Hands the signals that ckit gets on to a process, until it is closed.
///
/// SIGQUIT is left out: the JVM keeps it for itself. A first process in a container ignores every signal that it has no handler for, so
/// whoever asks for the end a third time gets it by SIGKILL.
final class SignalProxy implements AutoCloseable {

  private static final List<Signal> ENDING = List.of(Signal.INT, Signal.TERM, Signal.HUP);
  private static final List<Signal> OTHER = List.of(Signal.USR1, Signal.USR2, Signal.CONT);
  private static final int PATIENCE = 3;

  private final Attached process;
  private final AtomicInteger requests = new AtomicInteger();
  private final List<SignalHook> hooks = new ArrayList<>();

  private SignalProxy(Attached process) {
    this.process = process;
  }

  static SignalProxy to(Attached process) {
    SignalProxy proxy = new SignalProxy(process);
    for (Signal signal : ENDING) {
      proxy.hooks.add(SignalHook.on(signal, () -> proxy.end(signal)));
    }
    for (Signal signal : OTHER) {
      proxy.hooks.add(SignalHook.on(signal, () -> process.signal(signal)));
    }
    return proxy;
  }

  private void end(Signal signal) {
    process.signal(requests.incrementAndGet() < PATIENCE ? signal : Signal.KILL);
  }

  @Override
  public void close() {
    hooks.forEach(SignalHook::close);
  }
}
