package io.containerkit.linux;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Waits for the exit of one process.
///
/// Edge-triggered, because a pidfd is ready twice: `EPOLLIN` when the process has become a zombie, and `EPOLLHUP` once its parent
/// has reaped it. We learn the status at the first if we are the parent and at the second if not, and must not spin in between.
final class ExitWatch extends Watch {

  private final PidFd pidFd;
  private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();

  ExitWatch(EventLoop loop, PidFd pidFd) {
    super(loop, pidFd.fd());
    this.pidFd = pidFd;
  }

  /// Completed on the loop's thread: only for waiting, never for the code of others.
  CompletableFuture<ExitStatus> exit() {
    return exit;
  }

  /// Registers with the kernel, which tells at once of a process that ended before.
  void start() {
    loop.add(this, EventLoop.EPOLLIN | EventLoop.EPOLLET);
  }

  @Override
  void ready(int events) {
    Optional<ExitStatus> status = pidFd.status();
    if (status.isPresent()) {
      finish(status.get());
    }
  }

  private void finish(ExitStatus status) {
    loop.remove(this);
    pidFd.exited();
    exit.complete(status);
  }

  @Override
  void closed() {
    if (!exit.isDone()) {
      loop.remove(this);
      exit.complete(pidFd.status().orElseGet(() -> new ExitStatus.Unknown("the pidfd was closed before the process ended")));
    }
  }

  @Override
  void failed(RuntimeException failure) {
    loop.remove(this);
    exit.completeExceptionally(failure);
  }
}
