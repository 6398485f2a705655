package io.containerkit.linux;

/// The numbers and flags of the calls that [FileAt] makes; see [Syscall] for the sources. `O_DIRECTORY` and `O_NOFOLLOW` are among the
/// few flags that differ between the two architectures (`asm/fcntl.h`).
final class FileSyscall {

  private static final boolean X86 = Syscall.X86;

  static final int LSEEK = X86 ? 8 : 62;
  static final int SENDFILE = X86 ? 40 : 71;
  static final int FLOCK = X86 ? 73 : 32;
  static final int FSYNC = X86 ? 74 : 82;
  static final int FTRUNCATE = X86 ? 77 : 46;
  static final int FCHMOD = X86 ? 91 : 52;
  static final int SETXATTR = X86 ? 188 : 5;
  static final int LSETXATTR = X86 ? 189 : 6;
  static final int LGETXATTR = X86 ? 192 : 9;
  static final int LLISTXATTR = X86 ? 195 : 12;
  static final int GETDENTS64 = X86 ? 217 : 61;
  static final int MKDIRAT = X86 ? 258 : 34;
  static final int MKNODAT = X86 ? 259 : 33;
  static final int FCHOWNAT = X86 ? 260 : 54;
  static final int UNLINKAT = X86 ? 263 : 35;
  static final int LINKAT = X86 ? 265 : 37;
  static final int SYMLINKAT = X86 ? 266 : 36;
  static final int READLINKAT = X86 ? 267 : 78;
  static final int FCHMODAT = X86 ? 268 : 53;
  static final int UTIMENSAT = X86 ? 280 : 88;
  static final int SYNCFS = X86 ? 306 : 267;
  static final int RENAMEAT2 = X86 ? 316 : 276;
  static final int STATX = X86 ? 332 : 291;

  static final int O_DIRECTORY = X86 ? 0x1_0000 : 0x4000;
  static final int O_NOFOLLOW = X86 ? 0x2_0000 : 0x8000;

  private FileSyscall() {}
}
