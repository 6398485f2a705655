package io.containerkit.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The way into C. One call shape serves every function: six integer registers in, one out, `errno` saved right after the call.
///
/// One shape, because a cold JVM pays 17 ms to link the first and 6 ms for each further one. The System V and AArch64 conventions
/// let it: integers and pointers travel alike in registers, and a callee ignores those that it does not declare.
final class Native {

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBC = LINKER.defaultLookup();
  private static final MethodHandle CALL =
      LINKER.downcallHandle(
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG),
          Linker.Option.captureCallState("errno"));
  private static final MemorySegment SYSCALL = function("syscall");

  private Native() {}

  /// Links the call shape, so that the first real call need not. Worth a side thread at the start of a short program.
  static void warmUp() {
    syscall(Syscall.GETPID, 0, 0, 0, 0, 0);
  }

  /// Finds a function of libc.
  static MemorySegment function(String name) {
    return LIBC.find(name)
        .orElseThrow(() -> new UnsatisfiedLinkError(name + " is not in this libc; glibc 2.34 or later has it"));
  }

  /// Calls a function of libc whose result is a value in itself, such as an error number or a pointer.
  static long call(MemorySegment function, long a, long b, long c, long d, long e, long f) {
    try (Arena arena = Arena.ofConfined()) {
      return (long) CALL.invokeExact(function, arena.allocate(ValueLayout.JAVA_INT), a, b, c, d, e, f);
    } catch (Throwable unexpected) {
      throw new AssertionError(unexpected);
    }
  }

  static long call(MemorySegment function, long a, long b, long c) {
    return call(function, a, b, c, 0, 0, 0);
  }

  /// Makes a system call, by the kernel's own convention: a negative result is an error number with its sign turned.
  static long syscall(long number, long a, long b, long c, long d, long e) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(ValueLayout.JAVA_INT);
      long result = (long) CALL.invokeExact(SYSCALL, errno, number, a, b, c, d, e);
      return result == -1 ? -errno.get(ValueLayout.JAVA_INT, 0) : result;
    } catch (Throwable unexpected) {
      throw new AssertionError(unexpected);
    }
  }

  static long syscall(long number, long a, long b, long c) {
    return syscall(number, a, b, c, 0, 0);
  }

  static long syscall(long number, long a) {
    return syscall(number, a, 0, 0, 0, 0);
  }
}
