package io.containerkit.linux;

import org.jspecify.annotations.Nullable;

/// A mount table of one's own: a copy of the host's, where later mounts of the host still arrive and from which none goes back.
///
/// What is mounted inside is seen by nobody else, and the kernel takes it away when the last process inside has ended and this
/// object is closed: after a crash, too, there is nothing to clean up.
///
/// A mount namespace belongs to a thread, so all work inside of any of them is done by one daemon thread, in turn; see [#call].
/// Thread-safe.
public final class MountNamespace implements AutoCloseable {

  /// Work to do inside.
  ///
  /// @param <T> what it gives
  /// @param <X> what it may throw
  @FunctionalInterface
  public interface Work<T extends @Nullable Object, X extends Exception> {
    /// Does it.
    T run() throws X;
  }

  private final Fd descriptor;

  private MountNamespace(Fd descriptor) {
    this.descriptor = descriptor;
  }

  /// Makes a fresh copy of the mount table that this process was started in. Needs `CAP_SYS_ADMIN`.
  public static MountNamespace copyOfHost() {
    return MountThread.call(MountThread::copyOfHost);
  }

  static MountNamespace own(Fd descriptor) {
    return new MountNamespace(descriptor);
  }

  /// Does some work inside and returns when it is done. It must be short: other namespaces' work waits meanwhile. A process that it
  /// [spawns][Spawn#start] lives inside.
  ///
  /// Interrupts are kept for later, so that no result, such as a child, is ever lost.
  ///
  /// @throws X what the work throws
  public <T extends @Nullable Object, X extends Exception> T call(Work<T, X> work) throws X {
    return MountThread.call(
        () -> {
          MountThread.enter(descriptor);
          return work.run();
        });
  }

  /// The namespace as `setns(2)` takes it. Owned by this object.
  public Fd descriptor() {
    return descriptor;
  }

  /// Lets go of the namespace: it ends with its last process.
  @Override
  public void close() {
    MountThread.<@Nullable Void, RuntimeException>call(
        () -> {
          MountThread.leave(descriptor);
          return null;
        });
    descriptor.close();
  }
}
