package io.containerkit.runtime;

import io.containerkit.linux.EventLoop;
import io.containerkit.linux.Fd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Stands in for the one of the linux module until that is there: no terminal ever comes.
record ConsoleSocket(Path path) implements AutoCloseable {
  static ConsoleSocket listen(Path path, EventLoop loop) {
    return new ConsoleSocket(path);
  }

  Optional<Fd> receive(Duration timeout) throws InterruptedException {
    Thread.sleep(Duration.ZERO);
    return Optional.empty();
  }

  @Override
  public void close() {}
}
