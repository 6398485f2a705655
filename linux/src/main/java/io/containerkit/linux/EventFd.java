package io.containerkit.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Counters that wake whoever polls them (`eventfd(2)`).
final class EventFd {

  private EventFd() {}

  /// Opens a counter at zero that does not block.
  static Fd open() {
    return Fd.own(Errno.check(Native.syscall(Syscall.EVENTFD2, 0, Fd.O_CLOEXEC | Fd.O_NONBLOCK, 0), "eventfd2", ""));
  }

  /// Sets the counter back to zero.
  static void clear(Fd fd) {
    fd.read(new byte[Long.BYTES], 0, Long.BYTES);
  }

  /// Adds one to the counter.
  static void signal(Fd fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1);
      fd.check(fd.syscall(Syscall.WRITE, one.address(), 8, 0, 0), "write");
    }
  }
}
