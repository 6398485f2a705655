package io.containerkit.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Makes the kernel look to this JVM and its children like one before 6.15: a seccomp filter (`seccomp(2)`) answers `PIDFD_GET_INFO` as
/// such a kernel does. There is no way back.
final class OldKernel {

  private static final boolean AARCH64 = System.getProperty("os.arch").equals("aarch64");
  private static final int SYS_SECCOMP = AARCH64 ? 277 : 317;
  private static final int SYS_IOCTL = AARCH64 ? 29 : 16;

  private static final int SECCOMP_SET_MODE_FILTER = 1;
  private static final int SECCOMP_FILTER_FLAG_TSYNC = 1;
  private static final int SECCOMP_RET_ALLOW = 0x7fff_0000;
  private static final int SECCOMP_RET_ERRNO = 0x0005_0000;
  private static final int ENOTTY = 25;

  /// Type and number of the ioctl; its size has grown.
  private static final int PIDFD_GET_INFO = 0xFF << 8 | 11;

  /// Where `struct seccomp_data` has the call's number, and the lower half of its second argument on a little-endian machine.
  private static final int NUMBER = 0;
  private static final int ARGUMENT = 24;

  /// Instructions of `linux/filter.h`.
  private static final int LOAD = 0x20;
  private static final int AND = 0x54;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int RETURN = 0x06;

  private OldKernel() {}

  @SuppressWarnings("restricted") // the library's own calls are not for the tests of other modules
  static void pretend() throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      long[] filter = {
        instruction(LOAD, 0, 0, NUMBER),
        instruction(JUMP_IF_EQUAL, 0, 3, SYS_IOCTL),
        instruction(LOAD, 0, 0, ARGUMENT),
        instruction(AND, 0, 0, 0xFFFF),
        instruction(JUMP_IF_EQUAL, 1, 0, PIDFD_GET_INFO),
        instruction(RETURN, 0, 0, SECCOMP_RET_ALLOW),
        instruction(RETURN, 0, 0, SECCOMP_RET_ERRNO | ENOTTY),
      };
      MemorySegment program = arena.allocate(16, 8);
      program.set(ValueLayout.JAVA_SHORT, 0, (short) filter.length);
      program.set(ValueLayout.ADDRESS, 8, arena.allocateFrom(ValueLayout.JAVA_LONG, filter));
      Linker linker = Linker.nativeLinker();
      MethodHandle syscall =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("syscall"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG),
              Linker.Option.firstVariadicArg(1));
      long result =
          (long) syscall.invokeExact((long) SYS_SECCOMP, (long) SECCOMP_SET_MODE_FILTER, (long) SECCOMP_FILTER_FLAG_TSYNC, program.address());
      if (result != 0) {
        throw new IllegalStateException("seccomp: no filter was set: " + result);
      }
    }
  }

  /// `struct sock_filter`.
  ///
  /// @param yes how many instructions a comparison that holds skips
  /// @param no how many one that does not hold skips
  private static long instruction(int code, int yes, int no, int operand) {
    return code | (long) yes << 16 | (long) no << 24 | (long) operand << 32;
  }
}
