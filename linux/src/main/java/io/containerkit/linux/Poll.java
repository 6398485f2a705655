package io.containerkit.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Looks at a descriptor without waiting (`ppoll(2)` with a timeout of zero). Works on everything, also on regular files, which
/// epoll refuses and which are always ready.
final class Poll {

  private static final short POLLIN = 1;
  private static final short POLLOUT = 4;

  /// `struct pollfd`: an int and two shorts.
  static final int POLLFD_SIZE = 8;
  static final int POLLFD_EVENTS = 4;

  private Poll() {}

  /// Whether a read would return at once.
  static boolean readable(Fd fd) {
    return ready(fd, POLLIN);
  }

  /// Whether a write would take some bytes at once.
  static boolean writable(Fd fd) {
    return ready(fd, POLLOUT);
  }

  private static boolean ready(Fd fd, short events) {
    if (!fd.acquire()) {
      throw Errno.exception("ppoll", fd.toString(), Errno.EBADF);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment poll = arena.allocate(POLLFD_SIZE, 8);
      poll.set(ValueLayout.JAVA_INT, 0, fd.number());
      poll.set(ValueLayout.JAVA_SHORT, POLLFD_EVENTS, events);
      MemorySegment noTime = arena.allocate(16, 8);
      long result = Native.syscall(Syscall.PPOLL, poll.address(), 1, noTime.address(), 0, 0);
      return fd.check(result == -Errno.EINTR ? 0 : result, "ppoll") > 0;
    } finally {
      fd.release();
    }
  }
}
