package io.containerkit.cli;

import io.containerkit.engine.Container;
import io.containerkit.engine.Execution;
import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.Signal;
import io.containerkit.linux.Terminal;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;

/// A process that ckit is in front of: a container's first one, or a further one.
interface Attached {

  boolean signal(Signal signal);

  OutputStream stdin();

  InputStream stdout();

  InputStream stderr();

  Optional<Terminal> terminal();

  ExitStatus waitFor() throws InterruptedException;

  Optional<ExitStatus> waitFor(Duration timeout) throws InterruptedException;

  static Attached to(Container container) {
    return new Attached() {
      @Override
      public boolean signal(Signal signal) {
        return container.signal(signal);
      }

      @Override
      public OutputStream stdin() {
        return container.stdin();
      }

      @Override
      public InputStream stdout() {
        return container.stdout();
      }

      @Override
      public InputStream stderr() {
        return container.stderr();
      }

      @Override
      public Optional<Terminal> terminal() {
        return container.terminal();
      }

      @Override
      public ExitStatus waitFor() throws InterruptedException {
        return container.waitFor();
      }

      @Override
      public Optional<ExitStatus> waitFor(Duration timeout) throws InterruptedException {
        return container.waitFor(timeout);
      }
    };
  }

  static Attached to(Execution execution) {
    return new Attached() {
      @Override
      public boolean signal(Signal signal) {
        return execution.signal(signal);
      }

      @Override
      public OutputStream stdin() {
        return execution.stdin();
      }

      @Override
      public InputStream stdout() {
        return execution.stdout();
      }

      @Override
      public InputStream stderr() {
        return execution.stderr();
      }

      @Override
      public Optional<Terminal> terminal() {
        return execution.terminal();
      }

      @Override
      public ExitStatus waitFor() throws InterruptedException {
        return execution.waitFor();
      }

      @Override
      public Optional<ExitStatus> waitFor(Duration timeout) throws InterruptedException {
        return execution.waitFor(timeout);
      }
    };
  }
}
