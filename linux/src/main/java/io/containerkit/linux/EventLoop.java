package io.containerkit.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One daemon thread on `epoll(7)` that waits for everything: exits of processes, pipes, sockets, terminals.
///
/// Thread-safe. Who waits parks, and a virtual thread frees its carrier meanwhile; thousands of processes need no thread each. A
/// descriptor belongs to the first loop that watched it.
public final class EventLoop implements AutoCloseable {

  static final int EPOLLIN = 1;
  static final int EPOLLPRI = 2;
  static final int EPOLLOUT = 4;
  static final int EPOLLERR = 8;
  static final int EPOLLHUP = 16;
  static final int EPOLLONESHOT = 1 << 30;
  static final int EPOLLET = 1 << 31;

  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;
  private static final int EPOLL_CTL_MOD = 3;

  /// `struct epoll_event` of `linux/eventpoll.h`: the events, then 8 bytes of ours.
  static final int EVENT_DATA = Syscall.PACKED_EPOLL_EVENT ? 4 : 8;
  static final int EVENT_SIZE = EVENT_DATA + 8;
  private static final int BATCH = 64;

  private static final long STOP_TOKEN = 0;

  private static final long IN_THE_KERNEL = -1;
  private static final long LOOK_NANOS = 1_000_000;

  private static volatile @Nullable EventLoop started;

  private final Fd epoll;
  private final Fd stop;
  private final Thread thread;
  private final AtomicLong tokens = new AtomicLong(STOP_TOKEN);
  private final Map<Long, Watch> watches = new ConcurrentHashMap<>();
  private volatile boolean ending;
  private volatile boolean closed;

  /// Starts a loop of its own. Most programs want [#shared].
  public EventLoop() {
    epoll = Fd.own(Errno.check(Native.syscall(Syscall.EPOLL_CREATE1, Fd.O_CLOEXEC), "epoll_create1", ""));
    stop = EventFd.open();
    control(EPOLL_CTL_ADD, stop, EPOLLIN, STOP_TOKEN);
    thread = new Thread(this::run, "containerkit-loop");
    thread.setDaemon(true);
    thread.start();
  }

  /// The loop of this JVM, started at its first use. It is never closed.
  public static EventLoop shared() {
    return Shared.LOOP;
  }

  private static final class Shared {
    static final EventLoop LOOP = new EventLoop();

    static {
      started = LOOP;
      try {
        Runtime.getRuntime().addShutdownHook(new Thread(EventLoop::leaveKernel, "containerkit-loop-end"));
      } catch (IllegalStateException shuttingDown) {
        leaveKernel();
      }
    }
  }

  /// Has the shared loop, if it was started, look each millisecond from now on instead of waiting in the kernel: it serves as before,
  /// but HotSpot does not end before threads in native code have left it, or 300 ms are over. A shutdown hook does this by itself; who
  /// calls [Runtime#halt] does it before.
  public static void leaveKernel() {
    EventLoop loop = started;
    if (loop != null) {
      loop.lookWithoutWaiting();
    }
  }

  void lookWithoutWaiting() {
    ending = true;
    EventFd.signal(stop);
  }

  /// Tells of the end of a process, child or not.
  ///
  /// What hangs on the future runs on a virtual thread of its own, so slow code holds nothing up.
  ///
  /// @return completes with [ExitStatus.Unknown] if nobody can know the status, or the pidfd is closed before
  public CompletableFuture<ExitStatus> onExit(PidFd pidFd) {
    return exit(pidFd).thenApplyAsync(Function.identity(), Thread::startVirtualThread);
  }

  /// Waits for the end of a process, child or not.
  ///
  /// @return empty if it still runs after this time
  public Optional<ExitStatus> waitFor(PidFd pidFd, Duration timeout) throws InterruptedException {
    CompletableFuture<ExitStatus> exit = exit(pidFd);
    return await(exit, timeout) ? Optional.of(exit.join()) : Optional.empty();
  }

  /// Waits for the end of a process, child or not, for as long as it takes.
  public ExitStatus waitFor(PidFd pidFd) throws InterruptedException {
    CompletableFuture<ExitStatus> exit = exit(pidFd);
    await(exit);
    return exit.join();
  }

  /// Tells of the end of a process as [#onExit] does, but sooner.
  ///
  /// @return completed on the loop's own thread: what hangs on it must be short and must not block
  public CompletableFuture<ExitStatus> onExitInLoop(PidFd pidFd) {
    return exit(pidFd).copy();
  }

  /// The future that the loop itself completes, on its own thread.
  CompletableFuture<ExitStatus> exit(PidFd pidFd) {
    Fd fd = pidFd.fd();
    synchronized (pidFd) {
      if (fd.watch() instanceof ExitWatch watch) {
        return watch.exit();
      }
      if (!fd.acquire()) {
        return CompletableFuture.completedFuture(
            pidFd.status().orElseGet(() -> new ExitStatus.Unknown("the pidfd was closed before the process ended")));
      }
      try {
        ExitWatch watch = new ExitWatch(this, pidFd);
        fd.watch(watch);
        watch.start();
        return watch.exit();
      } finally {
        fd.release();
      }
    }
  }

  /// Waits until a read returns at once: bytes are there, or the end of the stream.
  ///
  /// @return false if the time passed first
  /// @throws io.containerkit.spec.KernelException if the descriptor is closed meanwhile (`EBADF`), or is of a kind that cannot be
  ///     waited for, such as a regular file (`EPERM`)
  public boolean awaitReadable(Fd fd, Duration timeout) throws InterruptedException {
    return await(onReadable(fd), timeout);
  }

  /// Waits until a write takes some bytes at once, or fails at once.
  ///
  /// @return false if the time passed first
  /// @throws io.containerkit.spec.KernelException as [#awaitReadable]
  public boolean awaitWritable(Fd fd, Duration timeout) throws InterruptedException {
    return await(onWritable(fd), timeout);
  }

  /// Tells once when a read returns at once.
  ///
  /// @return completed on the loop's own thread: what hangs on it must be short and must not block
  public CompletableFuture<Void> onReadable(Fd fd) {
    return readiness(fd).readable();
  }

  /// Tells once when a write takes some bytes at once.
  ///
  /// @return completed on the loop's own thread: what hangs on it must be short and must not block
  public CompletableFuture<Void> onWritable(Fd fd) {
    return readiness(fd).writable();
  }

  private ReadinessWatch readiness(Fd fd) {
    synchronized (fd) {
      Watch watch = fd.watch();
      if (watch == null) {
        watch = new ReadinessWatch(this, fd);
        fd.watch(watch);
      }
      if (watch instanceof ReadinessWatch readiness && watch.loop == this) {
        return readiness;
      }
      throw new IllegalStateException(fd + " is watched already, for exits or by another loop");
    }
  }

  static boolean await(CompletableFuture<?> future, Duration timeout) throws InterruptedException {
    try {
      future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException timedOut) {
      return false;
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  static void await(CompletableFuture<?> future) throws InterruptedException {
    try {
      future.get();
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  private static RuntimeException failure(ExecutionException e) {
    return e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
  }

  long nextToken() {
    return tokens.incrementAndGet();
  }

  void add(Watch watch, int events) {
    watches.put(watch.token, watch);
    try {
      control(EPOLL_CTL_ADD, watch.fd, events, watch.token);
    } catch (RuntimeException e) {
      watches.remove(watch.token);
      throw e;
    }
  }

  void modify(Watch watch, int events) {
    control(EPOLL_CTL_MOD, watch.fd, events, watch.token);
  }

  /// Forgets a watch. The descriptor's number must still be open: a file that a child shares stays in the epoll set otherwise.
  void remove(Watch watch) {
    if (watches.remove(watch.token) != null) {
      // Nothing to check: it fails only when the loop itself is closed, and then nothing is registered any more.
      epoll.syscall(Syscall.EPOLL_CTL, EPOLL_CTL_DEL, watch.fd.number(), 0, 0);
    }
  }

  private void control(int operation, Fd fd, int events, long token) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment event = arena.allocate(EVENT_SIZE, 8);
      event.set(ValueLayout.JAVA_INT, 0, events);
      event.set(ValueLayout.JAVA_LONG_UNALIGNED, EVENT_DATA, token);
      long result = epoll.syscall(Syscall.EPOLL_CTL, operation, fd.number(), event.address(), 0);
      Errno.check(result, "epoll_ctl", fd.toString());
    }
  }

  private void run() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment events = arena.allocate((long) EVENT_SIZE * BATCH, 8);
      while (true) {
        long count = epoll.syscall(Syscall.EPOLL_PWAIT, events.address(), BATCH, ending ? 0 : IN_THE_KERNEL, 0);
        if (count == 0) {
          LockSupport.parkNanos(LOOK_NANOS);
        }
        if (count == -Errno.EINTR) {
          continue;
        }
        Errno.check(count, "epoll_pwait", epoll.toString());
        for (int i = 0; i < count; i++) {
          long event = (long) i * EVENT_SIZE;
          long token = events.get(ValueLayout.JAVA_LONG_UNALIGNED, event + EVENT_DATA);
          if (token != STOP_TOKEN) {
            dispatch(token, events.get(ValueLayout.JAVA_INT_UNALIGNED, event));
          } else {
            EventFd.clear(stop); // before the look: a close that comes after it signals again
            if (closed) {
              return;
            }
          }
        }
      }
    }
  }

  private void dispatch(long token, int events) {
    Watch watch = watches.get(token);
    if (watch == null) {
      return; // closed between the kernel's event and now
    }
    try {
      watch.ready(events);
    } catch (RuntimeException e) {
      watch.failed(e);
    }
  }

  /// Ends the thread. Who still waits learns that the loop is closed; a child that still runs is not reaped by anyone.
  @Override
  public void close() {
    if (stop.isClosed()) {
      return;
    }
    closed = true;
    EventFd.signal(stop);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    for (Watch watch : watches.values()) {
      watch.failed(new IllegalStateException("the event loop was closed"));
    }
    stop.close();
    epoll.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
