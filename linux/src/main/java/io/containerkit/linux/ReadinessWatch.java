package io.containerkit.linux;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Waits for a descriptor to have bytes or room. Registered with the kernel once and armed for one event at a time
/// (`EPOLLONESHOT`), so an event that nobody waits for costs nothing.
final class ReadinessWatch extends Watch {

  private static final int READ_EVENTS = EventLoop.EPOLLIN | EventLoop.EPOLLPRI | EventLoop.EPOLLHUP | EventLoop.EPOLLERR;
  private static final int WRITE_EVENTS = EventLoop.EPOLLOUT | EventLoop.EPOLLHUP | EventLoop.EPOLLERR;

  private @Nullable CompletableFuture<Void> readers;
  private @Nullable CompletableFuture<Void> writers;
  private boolean registered;
  private boolean closed;

  ReadinessWatch(EventLoop loop, Fd fd) {
    super(loop, fd);
  }

  synchronized CompletableFuture<Void> readable() {
    CompletableFuture<Void> waiting = readers;
    if (waiting == null) {
      waiting = new CompletableFuture<>();
      readers = waiting;
      armOrFail();
    }
    return waiting;
  }

  synchronized CompletableFuture<Void> writable() {
    CompletableFuture<Void> waiting = writers;
    if (waiting == null) {
      waiting = new CompletableFuture<>();
      writers = waiting;
      armOrFail();
    }
    return waiting;
  }

  private void armOrFail() {
    if (closed) {
      failed(closedException());
      return;
    }
    try {
      arm();
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void arm() {
    int events = EventLoop.EPOLLONESHOT | (readers == null ? 0 : EventLoop.EPOLLIN) | (writers == null ? 0 : EventLoop.EPOLLOUT);
    if (registered) {
      loop.modify(this, events);
    } else {
      loop.add(this, events);
      registered = true;
    }
  }

  @Override
  void ready(int events) {
    CompletableFuture<Void> readable = null;
    CompletableFuture<Void> writable = null;
    synchronized (this) {
      if (closed) {
        return;
      }
      if ((events & READ_EVENTS) != 0) {
        readable = readers;
        readers = null;
      }
      if ((events & WRITE_EVENTS) != 0) {
        writable = writers;
        writers = null;
      }
      if (readers != null || writers != null) {
        arm();
      }
    }
    complete(readable, null);
    complete(writable, null);
  }

  @Override
  void closed() {
    synchronized (this) {
      closed = true;
      if (registered) {
        loop.remove(this);
      }
    }
    failed(closedException());
  }

  @Override
  void failed(RuntimeException failure) {
    CompletableFuture<Void> readable;
    CompletableFuture<Void> writable;
    synchronized (this) {
      readable = readers;
      writable = writers;
      readers = null;
      writers = null;
    }
    complete(readable, failure);
    complete(writable, failure);
  }

  private static void complete(@Nullable CompletableFuture<Void> waiting, @Nullable RuntimeException failure) {
    if (waiting == null) {
      return;
    }
    if (failure == null) {
      waiting.complete(null);
    } else {
      waiting.completeExceptionally(failure);
    }
  }

  private RuntimeException closedException() {
    return Errno.exception("epoll_wait", fd.toString(), Errno.EBADF);
  }
}
