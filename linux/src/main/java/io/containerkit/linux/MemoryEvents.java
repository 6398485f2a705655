package io.containerkit.linux;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.KernelException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;

/// Listens for the memory of one control group running out.
///
/// On cgroup v1 the kernel counts such events in an `eventfd(2)`, before it kills; on v2 it changes `memory.events`, seen by
/// `inotify(7)`, after it has killed. Either also stirs when it is something else, or the group goes away: that is not told.
///
/// Thread-safe; no thread waits.
public final class MemoryEvents implements AutoCloseable {

  private static final int IN_MODIFY = 2;
  /// More than the few records that one file's changes are merged into; a count of eight bytes as well.
  private static final int BUFFER = 4096;

  private final Path directory;
  private final EventLoop loop;
  private final Runnable outOfMemory;
  private final Fd fd;
  private final boolean v1;
  private long kills;

  private MemoryEvents(Path directory, EventLoop loop, Runnable outOfMemory, boolean v1) {
    this.directory = directory;
    this.loop = loop;
    this.outOfMemory = outOfMemory;
    this.v1 = v1;
    this.fd = v1 ? EventFd.open() : inotify();
  }

  /// Starts to listen.
  ///
  /// @param directory the control group, in the hierarchy that has its memory controller
  /// @param outOfMemory called on a virtual thread each time, never twice at once
  /// @throws KernelException of kind `NOT_FOUND` if there is no such control group, or it has no memory controller
  public static MemoryEvents listen(Path directory, EventLoop loop, Runnable outOfMemory) {
    boolean v1 = Files.exists(directory.resolve("cgroup.event_control"));
    MemoryEvents events = new MemoryEvents(directory, loop, outOfMemory, v1);
    try {
      if (v1) {
        events.register();
      } else {
        events.watch();
      }
      events.arm();
      return events;
    } catch (RuntimeException e) {
      events.close();
      throw e;
    }
  }

  private static Fd inotify() {
    long result = Native.syscall(Syscall.INOTIFY_INIT1, Fd.O_CLOEXEC | Fd.O_NONBLOCK, 0, 0);
    return Fd.own(Errno.check(result, "inotify_init1", ""));
  }

  private void register() {
    try (Fd control = Fd.openToRead(directory.resolve("memory.oom_control"))) {
      KernelFile.write(directory.resolve("cgroup.event_control"), fd.number() + " " + control.number());
    }
  }

  private void watch() {
    Path file = directory.resolve("memory.events");
    try (Arena arena = Arena.ofConfined()) {
      long result = fd.syscall(Syscall.INOTIFY_ADD_WATCH, CString.copy(arena, file.toString()), IN_MODIFY, 0, 0);
      Errno.check(result, "inotify_add_watch", file);
    }
    kills = countedKills();
  }

  private void arm() {
    // On a thread of its own, so that a failure there shows as that thread's and is not lost in a future.
    var _ = loop.onReadable(fd).thenRun(() -> Thread.startVirtualThread(this::stirred));
  }

  private void stirred() {
    byte[] bytes = new byte[BUFFER];
    try {
      while (fd.read(bytes, 0, bytes.length) > 0) {
        // What stirred is found out below: a record says no more than that something did.
      }
      if (v1 ? Files.exists(directory.resolve("memory.oom_control")) : killedMore()) {
        outOfMemory.run();
      }
      if (Files.exists(directory)) {
        arm();
      }
    } catch (KernelException e) {
      boolean gone = e.kind() == ErrorKind.NOT_FOUND || e.errno() == Errno.ENODEV;
      if (!gone && !fd.isClosed()) {
        throw e;
      }
    }
  }

  private boolean killedMore() {
    long before = kills;
    kills = countedKills();
    return kills > before;
  }

  private long countedKills() {
    return KernelFile.read(directory.resolve("memory.events"))
        .lines()
        .filter(line -> line.startsWith("oom_kill "))
        .mapToLong(line -> Long.parseUnsignedLong(line.substring("oom_kill ".length())))
        .findFirst()
        .orElse(0);
  }

  /// Stops listening.
  @Override
  public void close() {
    fd.close();
  }
}
