package io.containerkit.linux;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.KernelException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// Error numbers, from `asm-generic/errno.h`: the same on x86-64 and AArch64.
public final class Errno {

  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int EIO = 5;
  public static final int E2BIG = 7;
  public static final int EBADF = 9;
  public static final int ECHILD = 10;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int ENODEV = 19;
  public static final int ENOTDIR = 20;
  public static final int EINVAL = 22;
  public static final int ENFILE = 23;
  public static final int EMFILE = 24;
  public static final int ENOTTY = 25;
  public static final int ENOSPC = 28;
  public static final int EROFS = 30;
  public static final int EPIPE = 32;
  public static final int ERANGE = 34;
  public static final int ENAMETOOLONG = 36;
  public static final int ENOSYS = 38;
  public static final int ENOTEMPTY = 39;
  public static final int ELOOP = 40;
  public static final int EOPNOTSUPP = 95;
  public static final int ETIMEDOUT = 110;
  public static final int EDQUOT = 122;
  public static final int EXDEV = 18;

  private Errno() {}

  /// The name of an error number, such as `ENOENT`; the number itself for one that libc does not know.
  public static String name(int errno) {
    return describe("strerrorname_np", errno);
  }

  /// The meaning of an error number in English words, such as `No such file or directory`.
  public static String text(int errno) {
    return describe("strerrordesc_np", errno);
  }

  private static String describe(String function, int errno) {
    MemorySegment describe = Native.function(function);
    long address = Native.call(describe, errno, 0, 0);
    return address == 0 ? Integer.toString(errno) : CString.read(address);
  }

  /// Passes the result of a system call on, unless it is an error.
  ///
  /// @param result what [Native#syscall] gave
  /// @throws KernelException if the result is negative
  static long check(long result, String call, String subject) {
    if (result < 0) {
      throw exception(call, subject, (int) -result);
    }
    return result;
  }

  static long check(long result, String call, Path subject) {
    return result < 0 ? check(result, call, subject.toString()) : result;
  }

  static KernelException exception(String call, String subject, int errno) {
    return new KernelException(kind(errno), call, subject, errno, name(errno), text(errno));
  }

  private static ErrorKind kind(int errno) {
    return switch (errno) {
      case ENOENT, ENOTDIR -> ErrorKind.NOT_FOUND;
      case EEXIST -> ErrorKind.ALREADY_EXISTS;
      case ESRCH, ECHILD -> ErrorKind.NO_SUCH_PROCESS;
      case EPERM, EACCES -> ErrorKind.PERMISSION_DENIED;
      case EINVAL, E2BIG, ENAMETOOLONG, ELOOP -> ErrorKind.INVALID_ARGUMENT;
      case EBUSY, ENOTEMPTY -> ErrorKind.BUSY;
      case ENOSYS, EOPNOTSUPP, ENODEV, ENOTTY -> ErrorKind.UNSUPPORTED;
      case ETIMEDOUT -> ErrorKind.TIMED_OUT;
      case ENOSPC, EDQUOT, ENOMEM, EMFILE, ENFILE -> ErrorKind.NO_SPACE;
      default -> ErrorKind.IO;
    };
  }
}
