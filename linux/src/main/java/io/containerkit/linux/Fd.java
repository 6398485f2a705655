package io.containerkit.linux;

import io.containerkit.spec.KernelException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// An open file descriptor, owned by whoever holds this object.
///
/// Thread-safe. A close while other threads use the descriptor takes effect when the last of them is done, so a number is never
/// reused under a running call; threads that wait for it on an [EventLoop] are woken at once.
public final class Fd implements AutoCloseable {

  static final int O_RDONLY = 0;
  static final int O_WRONLY = 1;
  static final int O_RDWR = 2;
  static final int O_CREAT = 0x40;
  static final int O_NOCTTY = 0x100;
  static final int O_TRUNC = 0x200;
  static final int O_APPEND = 0x400;
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;
  static final int O_PATH = 0x200000;
  static final int AT_FDCWD = -100;

  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int LOCK_EX = 2;
  private static final int LOCK_NB = 4;
  private static final int CLOSED = 1 << 31;

  private final int number;
  private final boolean owned;
  /// How many calls use the number now, and in the sign bit whether it is closed to new ones.
  private final AtomicInteger users = new AtomicInteger();
  private volatile @Nullable Watch watch;

  private Fd(int number, boolean owned) {
    this.number = number;
    this.owned = owned;
  }

  /// Takes ownership of a descriptor that a system call has just given.
  static Fd own(long number) {
    return new Fd((int) number, true);
  }

  /// Lends out a descriptor that belongs to someone else, such as standard input: closing the object leaves the number open.
  public static Fd borrow(int number) {
    if (number < 0) {
      throw new IllegalArgumentException("a descriptor is not negative: " + number);
    }
    return new Fd(number, false);
  }

  /// Opens a file to read.
  public static Fd openToRead(Path path) {
    return open(path, O_RDONLY, 0);
  }

  /// Opens a file to write, creating it readable by its owner alone.
  ///
  /// @param append keep what is there and write behind it, also when others do (`O_APPEND`); otherwise the file is emptied
  public static Fd openToWrite(Path path, boolean append) {
    return open(path, O_WRONLY | O_CREAT | (append ? O_APPEND : O_TRUNC), 0600);
  }

  /// Opens what is there to read and write: on a FIFO this does not wait for the other side (`fifo(7)`).
  public static Fd openToReadAndWrite(Path path) {
    return open(path, O_RDWR, 0);
  }

  /// Opens `/dev/null` to read and write.
  public static Fd openNull() {
    return open(Path.of("/dev/null"), O_RDWR, 0);
  }

  /// Opens a place in the file system without opening the file itself (`O_PATH`): a stable name for it.
  public static Fd openPath(Path path) {
    return open(path, O_PATH, 0);
  }

  static Fd open(Path path, int flags, int mode) {
    try (Arena arena = Arena.ofConfined()) {
      long name = CString.copy(arena, path.toString());
      return own(Errno.check(Native.syscall(Syscall.OPENAT, AT_FDCWD, name, flags | O_CLOEXEC | O_NOCTTY, mode, 0), "open", path));
    }
  }

  /// The number, as the kernel knows it. It stays valid only until this object is closed.
  public int number() {
    return number;
  }

  /// The path under which this process can reach what is open here: `/proc/self/fd/N`.
  public Path path() {
    return Path.of("/proc/self/fd/" + number);
  }

  /// Whether [#close] was called.
  public boolean isClosed() {
    return users.get() < 0;
  }

  /// Reads what is there.
  ///
  /// @return the count of bytes, at least 1; 0 at the end; -1 if a non-blocking descriptor has nothing now
  /// @throws KernelException if it fails, or this object is closed (`EBADF`)
  public int read(byte[] bytes, int offset, int length) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(Math.max(1, length), 1);
      int count = transfer(Syscall.READ, "read", buffer.address(), length);
      if (count > 0) {
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, offset, count);
      }
      return count;
    }
  }

  /// Writes as much as there is room for.
  ///
  /// @return the count of bytes; -1 if a non-blocking descriptor has no room now
  /// @throws KernelException if it fails, or this object is closed (`EBADF`)
  public int write(byte[] bytes, int offset, int length) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(Math.max(1, length), 1);
      MemorySegment.copy(bytes, offset, buffer, ValueLayout.JAVA_BYTE, 0, length);
      return transfer(Syscall.WRITE, "write", buffer.address(), length);
    }
  }

  private int transfer(int syscall, String call, long address, int length) {
    while (true) {
      long result = syscall(syscall, address, length, 0, 0);
      if (result == -Errno.EAGAIN) {
        return -1;
      }
      if (result != -Errno.EINTR) {
        return (int) check(result, call);
      }
    }
  }

  /// Whether reads and writes return at once instead of blocking (`O_NONBLOCK`).
  public boolean isNonBlocking() {
    return (check(syscall(Syscall.FCNTL, F_GETFL, 0, 0, 0), "fcntl") & O_NONBLOCK) != 0;
  }

  /// Makes reads and writes return at once instead of blocking. The mode belongs to the open file: everyone who shares it through
  /// `dup` or inheritance gets it too.
  public void setNonBlocking() {
    long flags = check(syscall(Syscall.FCNTL, F_GETFL, 0, 0, 0), "fcntl");
    check(syscall(Syscall.FCNTL, F_SETFL, flags | O_NONBLOCK, 0, 0), "fcntl");
  }

  /// Opens a second descriptor of the same open file, closed on exec.
  public Fd duplicate() {
    return duplicateFrom(0);
  }

  /// Opens a second descriptor of the same open file, closed on exec.
  ///
  /// @param lowest the new number is this or higher
  Fd duplicateFrom(int lowest) {
    return own(check(syscall(Syscall.FCNTL, F_DUPFD_CLOEXEC, lowest, 0, 0), "fcntl"));
  }

  /// Locks what is open here (`flock(2)`, exclusive) until this descriptor and its duplicates are closed or this process has ended. The
  /// lock excludes other descriptors of the same file, those of this process, too.
  ///
  /// @return false if somebody else still had it after this time
  public boolean lock(Duration timeout) throws InterruptedException {
    BackOff backOff = new BackOff(timeout);
    while (true) {
      long result = syscall(FileSyscall.FLOCK, LOCK_EX | LOCK_NB, 0, 0, 0);
      if (result != -Errno.EAGAIN) {
        check(result, "flock");
        return true;
      }
      if (!backOff.pause()) {
        return false;
      }
    }
  }

  /// Makes a system call on this descriptor, which is its first argument.
  ///
  /// @return what the kernel returns; `-EBADF` if this object is closed
  long syscall(int syscall, long b, long c, long d, long e) {
    if (!acquire()) {
      return -Errno.EBADF;
    }
    try {
      return Native.syscall(syscall, number, b, c, d, e);
    } finally {
      release();
    }
  }

  long check(long result, String call) {
    return result < 0 ? Errno.check(result, call, toString()) : result;
  }

  /// Keeps the number from being closed until [#release].
  ///
  /// @return false if this object is closed
  boolean acquire() {
    int now;
    do {
      now = users.get();
      if (now < 0) {
        return false;
      }
    } while (!users.compareAndSet(now, now + 1));
    return true;
  }

  void release() {
    if (users.decrementAndGet() == CLOSED) {
      closeNumber();
    }
  }

  @Nullable Watch watch() {
    return watch;
  }

  void watch(@Nullable Watch watch) {
    this.watch = watch;
  }

  @Override
  public void close() {
    int now;
    do {
      now = users.get();
      if (now < 0) {
        return;
      }
    } while (!users.compareAndSet(now, (now + 1) | CLOSED));
    try {
      Watch watching = watch;
      if (watching != null) {
        watching.closed();
      }
    } finally {
      release();
    }
  }

  private void closeNumber() {
    if (owned) {
      // Linux frees the number even when close reports an error of the file behind it, so there is nothing to repeat.
      Native.syscall(Syscall.CLOSE, number);
    }
  }

  @Override
  public String toString() {
    return "fd " + number;
  }
}
