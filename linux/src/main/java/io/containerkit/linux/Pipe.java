package io.containerkit.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A pipe: what goes into one end comes out of the other. Both ends block and are closed on exec; each has a mode of its own, so
/// this process can make its end non-blocking without the child noticing.
///
/// @param readEnd yields what was written, and the end of the stream when the last write end is closed
/// @param writeEnd takes bytes until the read end is closed
public record Pipe(Fd readEnd, Fd writeEnd) implements AutoCloseable {

  /// Opens a pipe.
  public static Pipe open() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
      Errno.check(Native.syscall(Syscall.PIPE2, ends.address(), Fd.O_CLOEXEC, 0), "pipe2", "");
      return new Pipe(Fd.own(ends.getAtIndex(ValueLayout.JAVA_INT, 0)), Fd.own(ends.getAtIndex(ValueLayout.JAVA_INT, 1)));
    }
  }

  /// Closes both ends.
  @Override
  public void close() {
    readEnd.close();
    writeEnd.close();
  }
}
