package io.containerkit.linux;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// The thread that goes from one mount namespace to the other. It shares neither root nor working directory with the rest of the
/// JVM (`CLONE_FS`), which is what the kernel demands of a thread that changes its mount namespace.
final class MountThread {

  private static final int CLONE_FS = 0x200;
  private static final int CLONE_NEWNS = 0x20000;
  private static final Path OWN_NAMESPACE = Path.of("/proc/thread-self/ns/mnt");

  private static final BlockingQueue<Runnable> WORK = new LinkedBlockingQueue<>();
  private static final Thread THREAD = start();

  /// The namespace that this process was started in; opened on the thread before it first leaves.
  private static @Nullable Fd host;
  /// Where the thread is; null at home. Touched by the thread only.
  private static @Nullable Fd current;

  private MountThread() {}

  private static Thread start() {
    // A thread that is started from this one shares its root with it, which keeps it from changing its namespace, and stays in the
    // namespace that this one is in then. The loop is what work would start here if it did not run before.
    EventLoop.shared();
    Thread thread = new Thread(MountThread::run, "containerkit-mounts");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void run() {
    while (true) {
      try {
        WORK.take().run();
      } catch (InterruptedException leftOver) {
        // From earlier work that had interrupted its own thread: cleared now, and no reason to end.
      }
    }
  }

  /// Runs work on the thread and gives its result, or throws what it threw. Waits for the end whatever happens.
  @SuppressWarnings("unchecked") // the work throws X or what is unchecked, and nothing else
  static <T extends @Nullable Object, X extends Exception> T call(MountNamespace.Work<T, X> work) throws X {
    if (Thread.currentThread() == THREAD) {
      return nested(work);
    }
    CompletableFuture<T> result = new CompletableFuture<>();
    WORK.add(
        () -> {
          try {
            result.complete(work.run());
          } catch (Throwable failure) {
            result.completeExceptionally(failure);
          }
        });
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return result.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (X) e.getCause();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Work within work: the outer goes on where it was.
  private static <T extends @Nullable Object, X extends Exception> T nested(MountNamespace.Work<T, X> work) throws X {
    Fd outer = current;
    try {
      return work.run();
    } finally {
      if (outer == null) {
        goHome();
      } else {
        enter(outer);
      }
    }
  }

  static MountNamespace copyOfHost() {
    goHome();
    Errno.check(Native.syscall(Syscall.UNSHARE, CLONE_NEWNS), "unshare", "CLONE_NEWNS");
    Fd copy = null;
    try {
      Mounts.propagate(Path.of("/"), Mounts.Propagation.SLAVE);
      copy = Fd.open(OWN_NAMESPACE, Fd.O_RDONLY, 0);
      current = copy;
      return MountNamespace.own(copy);
    } finally {
      if (copy == null) {
        setns(home());
      }
    }
  }

  /// Goes into a namespace, unless it is there already.
  static void enter(Fd namespace) {
    if (current != namespace) {
      home();
      setns(namespace);
      current = namespace;
    }
  }

  /// Goes home, if it is in this namespace.
  static void leave(Fd namespace) {
    if (current == namespace) {
      goHome();
    }
  }

  private static void goHome() {
    Fd home = home();
    if (current != null) {
      setns(home);
      current = null;
    }
  }

  private static Fd home() {
    Fd opened = host;
    if (opened == null) {
      Errno.check(Native.syscall(Syscall.UNSHARE, CLONE_FS), "unshare", "CLONE_FS");
      opened = Fd.open(OWN_NAMESPACE, Fd.O_RDONLY, 0);
      host = opened;
    }
    return opened;
  }

  private static void setns(Fd namespace) {
    namespace.check(namespace.syscall(Syscall.SETNS, CLONE_NEWNS, 0, 0, 0), "setns");
    // The kernel has moved the thread to the root; processes that it spawns shall start where those of other threads start.
    try (Arena arena = Arena.ofConfined()) {
      String directory = System.getProperty("user.dir");
      long result = Native.syscall(Syscall.CHDIR, CString.copy(arena, directory));
      Errno.check(result == -Errno.ENOENT ? 0 : result, "chdir", directory);
    }
  }
}
