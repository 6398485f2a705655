package io.containerkit.linux;

/// System call numbers, from `asm/unistd_64.h` on x86-64 and `asm-generic/unistd.h` on AArch64. Since Linux 5.0 a new call has the
/// same number on both. Calls that AArch64 never had (`epoll_wait`, `pipe`, `poll`) are not used at all.
final class Syscall {

  static final boolean X86 = isX86(System.getProperty("os.arch"));

  static final int READ = X86 ? 0 : 63;
  static final int WRITE = X86 ? 1 : 64;
  static final int CLOSE = X86 ? 3 : 57;
  static final int IOCTL = X86 ? 16 : 29;
  static final int GETPID = X86 ? 39 : 172;
  static final int SOCKET = X86 ? 41 : 198;
  static final int CONNECT = X86 ? 42 : 203;
  static final int SENDMSG = X86 ? 46 : 211;
  static final int RECVMSG = X86 ? 47 : 212;
  static final int BIND = X86 ? 49 : 200;
  static final int LISTEN = X86 ? 50 : 201;
  static final int KILL = X86 ? 62 : 129;
  static final int FCNTL = X86 ? 72 : 25;
  static final int CHDIR = X86 ? 80 : 49;
  static final int PRCTL = X86 ? 157 : 167;
  static final int MOUNT = X86 ? 165 : 40;
  static final int UMOUNT2 = X86 ? 166 : 39;
  static final int EPOLL_CTL = X86 ? 233 : 21;
  static final int WAITID = X86 ? 247 : 95;
  static final int INOTIFY_ADD_WATCH = X86 ? 254 : 27;
  static final int OPENAT = X86 ? 257 : 56;
  static final int PPOLL = X86 ? 271 : 73;
  static final int UNSHARE = X86 ? 272 : 97;
  static final int EPOLL_PWAIT = X86 ? 281 : 22;
  static final int ACCEPT4 = X86 ? 288 : 242;
  static final int EVENTFD2 = X86 ? 290 : 19;
  static final int EPOLL_CREATE1 = X86 ? 291 : 20;
  static final int PIPE2 = X86 ? 293 : 59;
  static final int INOTIFY_INIT1 = X86 ? 294 : 26;
  static final int PRLIMIT64 = X86 ? 302 : 261;
  static final int SETNS = X86 ? 308 : 268;

  static final int PIDFD_SEND_SIGNAL = 424;
  static final int OPEN_TREE = 428;
  static final int MOVE_MOUNT = 429;
  static final int FSOPEN = 430;
  static final int FSCONFIG = 431;
  static final int FSMOUNT = 432;
  static final int PIDFD_OPEN = 434;
  static final int CLONE3 = 435;
  static final int CLOSE_RANGE = 436;
  static final int OPENAT2 = 437;
  static final int MOUNT_SETATTR = 442;

  /// Whether `epoll_event` is packed: on x86-64 alone the kernel keeps the layout of its 32-bit ancestor.
  static final boolean PACKED_EPOLL_EVENT = X86;

  private Syscall() {}

  private static boolean isX86(String arch) {
    return switch (arch) {
      case "amd64", "x86_64" -> true;
      case "aarch64" -> false;
      default -> throw new UnsupportedOperationException("no system call numbers for " + arch + ", only for x86-64 and AArch64");
    };
  }
}
