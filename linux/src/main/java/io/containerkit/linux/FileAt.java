package io.containerkit.linux;

import static io.containerkit.linux.FileSyscall.O_DIRECTORY;
import static io.containerkit.linux.FileSyscall.O_NOFOLLOW;

import io.containerkit.spec.KernelException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// File operations relative to an open directory, on names that are bytes: whatever bytes the kernel allows, which Java's own paths
/// do not. No operation follows a symbolic link in its last part; where a directory may be several parts away, [#openInRoot] resolves it
/// with the given root as `/`, so that nothing outside can be reached, `..` and absolute links included.
///
/// An object owns the native memory through which names and data travel. It belongs to the thread that made it; close it there.
public final class FileAt implements AutoCloseable {

  /// The longest path that the kernel takes, its NUL included (`linux/limits.h`).
  private static final int PATH_MAX = 4096;
  /// The longest value or list of extended attributes (`linux/limits.h`).
  private static final int XATTR_MAX = 1 << 16;
  private static final int BUFFER = 1 << 18;

  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final int RENAME_NOREPLACE = 1;
  private static final int RENAME_EXCHANGE = 2;
  private static final int SEEK_SET = 0;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  private static final int O_EXCL = 0x80;
  private static final int FICLONE = 0x4004_9409;
  private static final int ENXIO = 6;
  private static final int ENODATA = 61;
  private static final int ERANGE = 34;
  /// `struct open_how` (`linux/openat2.h`): flags, mode, resolve, 8 bytes each.
  private static final int OPEN_HOW_SIZE = 24;
  private static final int RESOLVE_NO_MAGICLINKS = 0x02;
  private static final int RESOLVE_IN_ROOT = 0x10;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment name = arena.allocate(PATH_MAX + 64);
  private final MemorySegment otherName = arena.allocate(PATH_MAX + 64);
  private final MemorySegment buffer = arena.allocate(BUFFER, 8);
  private final MemorySegment empty = arena.allocate(1);

  /// Takes 300 KiB of native memory, until it is closed.
  public FileAt() {}

  /// Opens a directory by a path of Java's.
  public static Fd openDirectory(Path path) {
    return Fd.open(path, Fd.O_RDONLY | O_DIRECTORY, 0);
  }

  /// Opens a directory in another one; its last part must not be a link.
  public Fd openDirectory(Fd directory, byte[] path) {
    return open(directory, path, Fd.O_RDONLY | O_DIRECTORY, 0);
  }

  /// Opens a file to read. A FIFO or device is opened too, without waiting for its other side.
  public Fd openToRead(Fd directory, byte[] path) {
    return open(directory, path, Fd.O_RDONLY | Fd.O_NONBLOCK, 0);
  }

  /// Creates a regular file to write, which must not exist.
  ///
  /// @param mode its permissions; the process' umask takes away from them
  public Fd create(Fd directory, byte[] path, int mode) {
    return open(directory, path, Fd.O_WRONLY | Fd.O_CREAT | O_EXCL, mode);
  }

  private Fd open(Fd directory, byte[] path, int flags, int mode) {
    long all = flags | O_NOFOLLOW | Fd.O_CLOEXEC | Fd.O_NOCTTY;
    return Fd.own(check(directory.syscall(Syscall.OPENAT, c(path), all, mode, 0), "openat", path));
  }

  /// Opens a directory below a root, which stands for `/` on the way: absolute links start there and `..` ends there.
  ///
  /// @throws KernelException if it does not exist, is no directory, or its links go in circles
  public Fd openInRoot(Fd root, byte[] path) {
    buffer.set(ValueLayout.JAVA_LONG, 0, Fd.O_RDONLY | O_DIRECTORY | Fd.O_CLOEXEC);
    buffer.set(ValueLayout.JAVA_LONG, 8, 0);
    buffer.set(ValueLayout.JAVA_LONG, 16, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
    long result;
    do {
      // EAGAIN: something else was renamed meanwhile, and the kernel could not tell whether that mattered.
      result = root.syscall(Syscall.OPENAT2, c(path), buffer.address(), OPEN_HOW_SIZE, 0);
    } while (result == -Errno.EAGAIN);
    return Fd.own(check(result, "openat2", path));
  }

  /// What a file says about itself; empty if there is none. A link is not followed.
  public Optional<FileStat> stat(Fd directory, byte[] path) {
    long result = statx(directory, c(path), AT_SYMLINK_NOFOLLOW);
    if (result == -Errno.ENOENT) {
      return Optional.empty();
    }
    check(result, "statx", path);
    return Optional.of(stat());
  }

  /// What an open file says about itself.
  public FileStat stat(Fd file) {
    file.check(statx(file, empty.address(), AT_EMPTY_PATH), "statx");
    return stat();
  }

  private long statx(Fd directory, long path, int flags) {
    return directory.syscall(FileSyscall.STATX, path, flags, STATX_BASIC_STATS, buffer.address());
  }

  /// Reads `struct statx` (`linux/stat.h`) out of the buffer.
  private FileStat stat() {
    int mode = buffer.get(ValueLayout.JAVA_SHORT, 28) & 0xffff;
    return new FileStat(
        FileType.of(mode),
        mode & 07777,
        unsigned(20),
        unsigned(24),
        unsigned(16),
        buffer.get(ValueLayout.JAVA_LONG, 32),
        unsigned(136) << 32 | unsigned(140),
        buffer.get(ValueLayout.JAVA_LONG, 40),
        buffer.get(ValueLayout.JAVA_LONG, 48),
        Instant.ofEpochSecond(buffer.get(ValueLayout.JAVA_LONG, 112), buffer.get(ValueLayout.JAVA_INT, 120)),
        (int) unsigned(128),
        (int) unsigned(132));
  }

  private long unsigned(long offset) {
    return buffer.get(ValueLayout.JAVA_INT, offset) & 0xffff_ffffL;
  }

  /// The names in a directory, without `.` and `..`, in no order.
  public List<byte[]> list(Fd directory) {
    var names = new ArrayList<byte[]>();
    directory.check(directory.syscall(FileSyscall.LSEEK, 0, SEEK_SET, 0, 0), "lseek");
    long length;
    while ((length = directory.check(directory.syscall(FileSyscall.GETDENTS64, buffer.address(), BUFFER, 0, 0), "getdents64")) > 0) {
      // struct linux_dirent64: inode 8, offset 8, record length 2, type 1, name up to a NUL.
      for (long at = 0; at < length; at += buffer.get(ValueLayout.JAVA_SHORT, at + 16) & 0xffff) {
        byte[] entry = string(buffer, at + 19);
        if (!isDots(entry)) {
          names.add(entry);
        }
      }
    }
    return names;
  }

  private static boolean isDots(byte[] name) {
    return name.length <= 2 && name[0] == '.' && (name.length == 1 || name[1] == '.');
  }

  private static byte[] string(MemorySegment from, long offset) {
    long end = offset;
    while (from.get(ValueLayout.JAVA_BYTE, end) != 0) {
      end++;
    }
    return from.asSlice(offset, end - offset).toArray(ValueLayout.JAVA_BYTE);
  }

  /// Makes a directory.
  ///
  /// @return false if the name is taken already
  public boolean mkdir(Fd directory, byte[] path, int mode) {
    return unlessTaken(directory.syscall(FileSyscall.MKDIRAT, c(path), mode, 0, 0), "mkdirat", path);
  }

  /// Makes a symbolic link.
  ///
  /// @return false if the name is taken already
  public boolean symlink(byte[] target, Fd directory, byte[] path) {
    long text = c(otherName, target);
    long result = Native.syscall(FileSyscall.SYMLINKAT, text, directory.number(), c(path));
    return unlessTaken(result, "symlinkat", path);
  }

  /// Gives a file a second name. A symbolic link itself gets it, not what it points to.
  ///
  /// @return false if the name is taken already
  public boolean link(Fd fromDirectory, byte[] from, Fd directory, byte[] path) {
    long result = fromDirectory.syscall(FileSyscall.LINKAT, c(otherName, from), directory.number(), c(path), 0);
    return unlessTaken(result, "linkat", result == -Errno.EEXIST ? path : from);
  }

  /// Makes a device, FIFO or socket.
  ///
  /// @return false if the name is taken already
  public boolean mknod(Fd directory, byte[] path, FileType type, int mode, int major, int minor) {
    // The kernel's form of a device number: minor's lower 8 bits, major's 12, minor's upper 12 (linux/kdev_t.h, new_encode_dev).
    long device = (minor & 0xffL) | ((long) major << 8) | ((minor & ~0xffL) << 12);
    return unlessTaken(directory.syscall(FileSyscall.MKNODAT, c(path), type.bits() | mode, device, 0), "mknodat", path);
  }

  /// Removes a name that is not a directory.
  public void unlink(Fd directory, byte[] path) {
    check(directory.syscall(FileSyscall.UNLINKAT, c(path), 0, 0, 0), "unlinkat", path);
  }

  /// Removes a name and, if it is a directory, all that is in it.
  ///
  /// @return false if there is no such name
  public boolean removeTree(Fd directory, byte[] path) {
    return new TreeRemoval(this).remove(directory, path);
  }

  /// Removes all that is in a directory. However deep that goes: neither the stack nor the number of open files grows with it.
  public void removeContent(Fd directory) {
    new TreeRemoval(this).empty(directory);
  }

  /// Removes a name, or says why not by a negative errno.
  long unlinkat(Fd directory, byte[] path, int flags) {
    return directory.syscall(FileSyscall.UNLINKAT, c(path), flags, 0, 0);
  }

  /// Gives a file another name, which must be free.
  ///
  /// @return false if the name is taken already
  public boolean rename(Fd fromDirectory, byte[] from, Fd directory, byte[] path) {
    return unlessTaken(renameat2(fromDirectory, from, directory, path, RENAME_NOREPLACE), "renameat2", from);
  }

  /// Swaps what two names stand for.
  public void exchange(Fd fromDirectory, byte[] from, Fd directory, byte[] path) {
    check(renameat2(fromDirectory, from, directory, path, RENAME_EXCHANGE), "renameat2", from);
  }

  private long renameat2(Fd fromDirectory, byte[] from, Fd directory, byte[] path, int flags) {
    return fromDirectory.syscall(FileSyscall.RENAMEAT2, c(otherName, from), directory.number(), c(path), flags);
  }

  /// The text of a symbolic link.
  public byte[] readLink(Fd directory, byte[] path) {
    long length = check(directory.syscall(FileSyscall.READLINKAT, c(path), buffer.address(), PATH_MAX, 0), "readlinkat", path);
    return buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
  }

  /// Sets owner and group.
  public void chown(Fd directory, byte[] path, long uid, long gid) {
    check(directory.syscall(FileSyscall.FCHOWNAT, c(path), uid, gid, AT_SYMLINK_NOFOLLOW), "fchownat", path);
  }

  /// Sets owner and group of an open file.
  public void chown(Fd file, long uid, long gid) {
    file.check(file.syscall(FileSyscall.FCHOWNAT, empty.address(), uid, gid, AT_EMPTY_PATH), "fchownat");
  }

  /// Sets the permissions of an open file.
  public void chmod(Fd file, int mode) {
    file.check(file.syscall(FileSyscall.FCHMOD, mode, 0, 0, 0), "fchmod");
  }

  /// Sets the permissions of a file. Here the kernel follows a link in the last part: only for what is known to be none.
  public void chmod(Fd directory, byte[] path, int mode) {
    check(directory.syscall(FileSyscall.FCHMODAT, c(path), mode, 0, 0), "fchmodat", path);
  }

  /// Sets the times of access and change, to the nanosecond.
  public void setTime(Fd directory, byte[] path, Instant time) {
    check(directory.syscall(FileSyscall.UTIMENSAT, c(path), times(time), AT_SYMLINK_NOFOLLOW, 0), "utimensat", path);
  }

  /// Sets the times of access and change of an open file, to the nanosecond.
  public void setTime(Fd file, Instant time) {
    file.check(file.syscall(FileSyscall.UTIMENSAT, 0, times(time), 0, 0), "utimensat");
  }

  private long times(Instant time) {
    for (int at = 0; at < 32; at += 16) {
      buffer.set(ValueLayout.JAVA_LONG, at, time.getEpochSecond());
      buffer.set(ValueLayout.JAVA_LONG, at + 8, time.getNano());
    }
    return buffer.address();
  }

  /// Sets an extended attribute of a file; that of a link is its own.
  public void setXattr(Fd directory, byte[] path, String attribute, byte[] value) {
    if (value.length > XATTR_MAX) {
      throw Errno.exception("lsetxattr", attribute, ERANGE);
    }
    MemorySegment.copy(value, 0, buffer, ValueLayout.JAVA_BYTE, 0, value.length);
    long key = c(otherName, attribute.getBytes(StandardCharsets.UTF_8));
    check(Native.syscall(FileSyscall.LSETXATTR, proc(directory, path), key, buffer.address(), value.length, 0), "lsetxattr " + attribute, path);
  }

  /// The value of an extended attribute; empty if the file has no such one, or its file system has none at all.
  public Optional<byte[]> xattr(Fd directory, byte[] path, String attribute) {
    long key = c(otherName, attribute.getBytes(StandardCharsets.UTF_8));
    long length = Native.syscall(FileSyscall.LGETXATTR, proc(directory, path), key, buffer.address(), XATTR_MAX, 0);
    if (length == -ENODATA || length == -Errno.EOPNOTSUPP) {
      return Optional.empty();
    }
    check(length, "lgetxattr " + attribute, path);
    return Optional.of(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
  }

  /// The names of a file's extended attributes, in no order.
  public List<String> xattrs(Fd directory, byte[] path) {
    long length = Native.syscall(FileSyscall.LLISTXATTR, proc(directory, path), buffer.address(), XATTR_MAX);
    if (length == -Errno.EOPNOTSUPP) {
      return List.of();
    }
    check(length, "llistxattr", path);
    var names = new ArrayList<String>();
    for (long at = 0; at < length; ) {
      byte[] attribute = string(buffer, at);
      names.add(new String(attribute, StandardCharsets.UTF_8));
      at += attribute.length + 1;
    }
    return names;
  }

  /// The path through which a file can be named to the calls that know no directory descriptor. The last part of it is not followed.
  private long proc(Fd directory, byte[] path) {
    byte[] prefix = ("/proc/self/fd/" + directory.number() + "/").getBytes(StandardCharsets.US_ASCII);
    byte[] whole = new byte[prefix.length + path.length];
    System.arraycopy(prefix, 0, whole, 0, prefix.length);
    System.arraycopy(path, 0, whole, prefix.length, path.length);
    return c(whole);
  }

  /// Reads from where the file stands.
  ///
  /// @return the count of bytes; 0 at the end
  public int read(Fd file, byte[] bytes, int offset, int length) {
    int count = (int) file.check(file.syscall(Syscall.READ, buffer.address(), Math.min(length, BUFFER), 0, 0), "read");
    MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, offset, count);
    return count;
  }

  /// Writes all bytes to where the file stands.
  public void write(Fd file, byte[] bytes, int offset, int length) {
    for (int done = 0; done < length; ) {
      int piece = Math.min(length - done, BUFFER);
      MemorySegment.copy(bytes, offset + done, buffer, ValueLayout.JAVA_BYTE, 0, piece);
      done += (int) file.check(file.syscall(Syscall.WRITE, buffer.address(), piece, 0, 0), "write");
    }
  }

  /// Goes to a position in a file.
  public void seek(Fd file, long position) {
    file.check(file.syscall(FileSyscall.LSEEK, position, SEEK_SET, 0, 0), "lseek");
  }

  /// Where the next data are, at or behind a position; -1 if there is only a hole up to the end. The file then stands there.
  public long seekData(Fd file, long position) {
    long result = file.syscall(FileSyscall.LSEEK, position, SEEK_DATA, 0, 0);
    return result == -ENXIO ? -1 : file.check(result, "lseek");
  }

  /// Where the next hole is, at or behind a position; the end of the file counts as one.
  public long seekHole(Fd file, long position) {
    return file.check(file.syscall(FileSyscall.LSEEK, position, SEEK_HOLE, 0, 0), "lseek");
  }

  /// Sets the length of a file.
  public void truncate(Fd file, long length) {
    file.check(file.syscall(FileSyscall.FTRUNCATE, length, 0, 0, 0), "ftruncate");
  }

  /// Makes an empty file a copy of another one, sharing its blocks where the file system can, and keeping its holes.
  ///
  /// @param size the length of the other file
  public void copy(Fd from, Fd to, long size) {
    if (to.syscall(Syscall.IOCTL, FICLONE, from.number(), 0, 0) >= 0) {
      return;
    }
    for (long at = seekData(from, 0); at >= 0 && at < size; at = seekData(from, at)) {
      long end = Math.min(size, seekHole(from, at));
      seek(from, at);
      seek(to, at);
      while (at < end) {
        long count = to.check(to.syscall(FileSyscall.SENDFILE, from.number(), 0, Math.min(end - at, 1 << 30), 0), "sendfile");
        if (count == 0) {
          return;
        }
        at += count;
      }
    }
    truncate(to, size);
  }

  /// Has everything about an open file written to its disk.
  public static void sync(Fd file) {
    file.check(file.syscall(FileSyscall.FSYNC, 0, 0, 0, 0), "fsync");
  }

  /// Has everything in the file system of an open file written to its disk.
  public static void syncFileSystem(Fd file) {
    file.check(file.syscall(FileSyscall.SYNCFS, 0, 0, 0, 0), "syncfs");
  }

  private long c(byte[] path) {
    return c(name, path);
  }

  private static long c(MemorySegment to, byte[] path) {
    if (path.length >= to.byteSize()) {
      throw Errno.exception("path", FileName.show(path), Errno.ENAMETOOLONG);
    }
    MemorySegment.copy(path, 0, to, ValueLayout.JAVA_BYTE, 0, path.length);
    to.set(ValueLayout.JAVA_BYTE, path.length, (byte) 0);
    return to.address();
  }

  private static boolean unlessTaken(long result, String call, byte[] path) {
    if (result == -Errno.EEXIST) {
      return false;
    }
    check(result, call, path);
    return true;
  }

  private static long check(long result, String call, byte[] path) {
    return result < 0 ? Errno.check(result, call, FileName.show(path)) : result;
  }

  @Override
  public void close() {
    arena.close();
  }
}
