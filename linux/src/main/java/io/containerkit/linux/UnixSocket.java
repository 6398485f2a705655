package io.containerkit.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Stream sockets in the file system, and the descriptors that travel through them (`unix(7)`, `cmsg(3)`).
final class UnixSocket {

  /// What `struct sockaddr_un` holds of a path, its NUL not counted.
  static final int MAX_PATH = 107;
  static final int ADDRESS_SIZE = 110;
  static final int ADDRESS_PATH = 2;

  /// `struct msghdr` on 64-bit machines.
  static final int MESSAGE_SIZE = 56;
  static final int MESSAGE_PARTS = 16;
  static final int MESSAGE_PART_COUNT = 24;
  static final int MESSAGE_CONTROL = 32;
  static final int MESSAGE_CONTROL_LENGTH = 40;
  /// `struct iovec`.
  static final int PART_SIZE = 16;
  static final int PART_LENGTH = 8;
  /// `struct cmsghdr`, whose data follows it.
  static final int CONTROL_LEVEL = 8;
  static final int CONTROL_TYPE = 12;
  static final int CONTROL_HEADER_SIZE = 16;

  private static final short AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int MSG_CMSG_CLOEXEC = 0x4000_0000;

  /// Room for the bytes that come along, which say nothing that we need.
  private static final int TEXT_SIZE = 4096;
  private static final int MAX_DESCRIPTORS = 8;
  private static final int CONTROL_SIZE = CONTROL_HEADER_SIZE + MAX_DESCRIPTORS * 4;

  private UnixSocket() {}

  /// Opens a non-blocking socket that has no name.
  static Fd open() {
    int type = SOCK_STREAM | Fd.O_CLOEXEC | Fd.O_NONBLOCK;
    return Fd.own(Errno.check(Native.syscall(Syscall.SOCKET, AF_UNIX, type, 0), "socket", "AF_UNIX"));
  }

  /// Gives the socket a name, which makes a file.
  ///
  /// @throws IllegalArgumentException if the path is longer than the kernel takes
  static void bind(Fd socket, Path path) {
    name(Syscall.BIND, "bind", socket, path);
  }

  static void connect(Fd socket, Path path) {
    name(Syscall.CONNECT, "connect", socket, path);
  }

  private static void name(int syscall, String call, Fd socket, Path path) {
    byte[] bytes = path.toString().getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_PATH) {
      throw new IllegalArgumentException(
          "a socket's path has at most " + MAX_PATH + " bytes, this one has " + bytes.length + ": " + path + "; use a shorter directory");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(ADDRESS_SIZE, 8);
      address.set(ValueLayout.JAVA_SHORT, 0, AF_UNIX);
      MemorySegment.copy(bytes, 0, address, ValueLayout.JAVA_BYTE, ADDRESS_PATH, bytes.length);
      Errno.check(socket.syscall(syscall, address.address(), ADDRESS_SIZE, 0, 0), call, path);
    }
  }

  static void listen(Fd socket, Path path) {
    Errno.check(socket.syscall(Syscall.LISTEN, 1, 0, 0, 0), "listen", path);
  }

  /// Takes a connection that is waiting.
  ///
  /// @return a descriptor, or `-EAGAIN` if there is none
  static long accept(Fd socket) {
    return socket.syscall(Syscall.ACCEPT4, 0, 0, Fd.O_CLOEXEC | Fd.O_NONBLOCK, 0);
  }

  /// What a message carried.
  ///
  /// @param length the count of its bytes; 0 at the end, or the negative error number
  /// @param descriptors owned by whoever gets them
  record Message(long length, List<Fd> descriptors) {}

  /// Takes a message that is waiting, with its descriptors.
  static Message receive(Fd socket) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment control = arena.allocate(CONTROL_SIZE, 8);
      MemorySegment message = message(arena, arena.allocate(TEXT_SIZE, 8), TEXT_SIZE, control);
      long length = socket.syscall(Syscall.RECVMSG, message.address(), MSG_CMSG_CLOEXEC, 0, 0);
      List<Fd> descriptors = new ArrayList<>();
      long controlLength = length < 0 ? 0 : message.get(ValueLayout.JAVA_LONG, MESSAGE_CONTROL_LENGTH);
      if (controlLength >= CONTROL_HEADER_SIZE && isRights(control)) {
        long end = control.get(ValueLayout.JAVA_LONG, 0);
        for (long at = CONTROL_HEADER_SIZE; at < end; at += 4) {
          descriptors.add(Fd.own(control.get(ValueLayout.JAVA_INT, at)));
        }
      }
      return new Message(length, descriptors);
    }
  }

  private static boolean isRights(MemorySegment control) {
    return control.get(ValueLayout.JAVA_INT, CONTROL_LEVEL) == SOL_SOCKET
        && control.get(ValueLayout.JAVA_INT, CONTROL_TYPE) == SCM_RIGHTS;
  }

  /// Sends one message with descriptors, of which the receiver gets its own.
  static void send(Fd socket, byte[] text, List<Fd> descriptors) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment control = arena.allocate(CONTROL_HEADER_SIZE + descriptors.size() * 4L, 8);
      control.set(ValueLayout.JAVA_LONG, 0, control.byteSize());
      control.set(ValueLayout.JAVA_INT, CONTROL_LEVEL, SOL_SOCKET);
      control.set(ValueLayout.JAVA_INT, CONTROL_TYPE, SCM_RIGHTS);
      for (int i = 0; i < descriptors.size(); i++) {
        control.set(ValueLayout.JAVA_INT, CONTROL_HEADER_SIZE + i * 4L, descriptors.get(i).number());
      }
      MemorySegment message = message(arena, arena.allocateFrom(ValueLayout.JAVA_BYTE, text), text.length, control);
      if (descriptors.isEmpty()) {
        message.set(ValueLayout.JAVA_LONG, MESSAGE_CONTROL_LENGTH, 0);
      }
      socket.check(socket.syscall(Syscall.SENDMSG, message.address(), 0, 0, 0), "sendmsg");
    }
  }

  private static MemorySegment message(Arena arena, MemorySegment text, long length, MemorySegment control) {
    MemorySegment part = arena.allocate(PART_SIZE, 8);
    part.set(ValueLayout.JAVA_LONG, 0, text.address());
    part.set(ValueLayout.JAVA_LONG, PART_LENGTH, length);
    MemorySegment message = arena.allocate(MESSAGE_SIZE, 8);
    message.set(ValueLayout.JAVA_LONG, MESSAGE_PARTS, part.address());
    message.set(ValueLayout.JAVA_LONG, MESSAGE_PART_COUNT, 1);
    message.set(ValueLayout.JAVA_LONG, MESSAGE_CONTROL, control.address());
    message.set(ValueLayout.JAVA_LONG, MESSAGE_CONTROL_LENGTH, control.byteSize());
    return message;
  }
}
