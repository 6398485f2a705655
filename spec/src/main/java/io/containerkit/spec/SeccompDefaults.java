package io.containerkit.spec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// The filter of system calls that the common engines put around a container: the calls that programs need, a few of them by
/// their arguments, and those that a capability opens. The names are those of Linux 6.1 on x86 and Arm; runtimes skip what an
/// architecture does not have.
///
/// Left out are calls that reach beyond a container (keys, mounts, namespaces, kernel modules, io_uring, bpf, userfaultfd, perf)
/// and those that no kernel implements any more.
final class SeccompDefaults {

  private static final long ENOSYS = 38;

  /// The namespace flags of clone(2), without CLONE_NEWTIME, whose bit is an exit signal there (linux/sched.h).
  private static final long NAMESPACE_FLAGS = 0x7E02_0000L;

  /// AF_ALG and AF_VSOCK (linux/socket.h): the crypto interface of the kernel, and the way to the hypervisor.
  private static final long AF_ALG = 38;
  private static final long AF_VSOCK = 40;

  /// PER_LINUX, PER_LINUX32, UNAME26 with each, and the question what it is (linux/personality.h).
  private static final long[] PERSONALITIES = {0x0, 0x8, 0x2_0000, 0x2_0008, 0xFFFF_FFFFL};

  private static final String ALLOWED =
      """
      _llseek _newselect accept accept4 access adjtimex alarm arch_prctl arm_fadvise64_64 arm_sync_file_range bind
      breakpoint brk cacheflush capget capset chdir chmod chown chown32 clock_adjtime clock_adjtime64 clock_getres
      clock_getres_time64 clock_gettime clock_gettime64 clock_nanosleep clock_nanosleep_time64 close close_range
      connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait
      epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2 execve execveat exit exit_group faccessat faccessat2
      fadvise64 fadvise64_64 fallocate fanotify_mark fchdir fchmod fchmodat fchown fchown32 fchownat fcntl fcntl64
      fdatasync fgetxattr flistxattr flock fork fremovexattr fsetxattr fstat fstat64 fstatat64 fstatfs fstatfs64
      fsync ftruncate ftruncate64 futex futex_time64 futex_waitv futimesat get_robust_list get_thread_area getcpu
      getcwd getdents getdents64 getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 getitimer
      getpeername getpgid getpgrp getpid getppid getpriority getrandom getresgid getresgid32 getresuid getresuid32
      getrlimit getrusage getsid getsockname getsockopt gettid gettimeofday getuid getuid32 getxattr
      inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel io_destroy io_getevents io_pgetevents
      io_pgetevents_time64 io_setup io_submit ioctl ioprio_get ioprio_set ipc kill landlock_add_rule
      landlock_create_ruleset landlock_restrict_self lchown lchown32 lgetxattr link linkat listen listxattr
      llistxattr lremovexattr lseek lsetxattr lstat lstat64 madvise membarrier memfd_create memfd_secret mincore
      mkdir mkdirat mknod mknodat mlock mlock2 mlockall mmap mmap2 modify_ldt mprotect mq_getsetattr mq_notify
      mq_open mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 mq_unlink mremap msgctl msgget
      msgrcv msgsnd msync munlock munlockall munmap name_to_handle_at nanosleep newfstatat nice open openat openat2
      pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free pkey_mprotect poll ppoll ppoll_time64 prctl
      pread64 preadv preadv2 prlimit64 process_mrelease process_vm_readv process_vm_writev pselect6 pselect6_time64
      ptrace pwrite64 pwritev pwritev2 read readahead readdir readlink readlinkat readv recv recvfrom recvmmsg
      recvmmsg_time64 recvmsg remap_file_pages removexattr rename renameat renameat2 restart_syscall rmdir rseq
      rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait
      rt_sigtimedwait_time64 rt_tgsigqueueinfo sched_get_priority_max sched_get_priority_min sched_getaffinity
      sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64
      sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield seccomp select semctl semget
      semop semtimedop semtimedop_time64 send sendfile sendfile64 sendmmsg sendmsg sendto set_robust_list
      set_thread_area set_tid_address set_tls setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups
      setgroups32 setitimer setpgid setpriority setregid setregid32 setresgid setresgid32 setresuid setresuid32
      setreuid setreuid32 setrlimit setsid setsockopt setuid setuid32 setxattr shmat shmctl shmdt shmget shutdown
      sigaction sigaltstack signal signalfd signalfd4 sigpending sigprocmask sigreturn sigsuspend socketpair splice
      stat stat64 statfs statfs64 statx symlink symlinkat sync sync_file_range sync_file_range2 syncfs sysinfo tee
      tgkill time timer_create timer_delete timer_getoverrun timer_gettime timer_gettime64 timer_settime
      timer_settime64 timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64 times tkill
      truncate truncate64 ugetrlimit umask uname unlink unlinkat utime utimensat utimensat_time64 utimes vfork
      vmsplice wait4 waitid waitpid write writev
      """;

  private static final String[][] BY_CAPABILITY = {
    {"CAP_BPF", "bpf"},
    {"CAP_DAC_READ_SEARCH", "open_by_handle_at"},
    {"CAP_PERFMON", "perf_event_open"},
    {"CAP_SYSLOG", "syslog"},
    {
      "CAP_SYS_ADMIN",
      """
      bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie mount mount_setattr move_mount open_tree
      perf_event_open quotactl quotactl_fd setdomainname sethostname setns syslog umount umount2 unshare
      """
    },
    {"CAP_SYS_BOOT", "reboot"},
    {"CAP_SYS_CHROOT", "chroot"},
    {"CAP_SYS_MODULE", "delete_module finit_module init_module"},
    {"CAP_SYS_NICE", "get_mempolicy mbind set_mempolicy set_mempolicy_home_node"},
    {"CAP_SYS_PACCT", "acct"},
    {"CAP_SYS_PTRACE", "kcmp pidfd_getfd process_madvise"},
    {"CAP_SYS_RAWIO", "ioperm iopl"},
    {"CAP_SYS_TIME", "clock_settime clock_settime64 settimeofday stime"},
    {"CAP_SYS_TTY_CONFIG", "vhangup"},
  };

  private SeccompDefaults() {}

  static Seccomp filter(Collection<String> capabilities) {
    List<SeccompSyscall> rules = new ArrayList<>();
    rules.add(SeccompSyscall.of(Seccomp.ALLOW, words(ALLOWED)));
    for (long personality : PERSONALITIES) {
      rules.add(allowIf("personality", SeccompArg.of(0, "SCMP_CMP_EQ", personality)));
    }
    // Three rules, since one cannot compare the same argument twice.
    rules.add(allowIf("socket", SeccompArg.of(0, "SCMP_CMP_LT", AF_ALG)));
    rules.add(allowIf("socket", SeccompArg.of(0, "SCMP_CMP_EQ", AF_ALG + 1)));
    rules.add(allowIf("socket", SeccompArg.of(0, "SCMP_CMP_GT", AF_VSOCK)));
    if (!capabilities.contains("CAP_SYS_ADMIN")) {
      rules.add(allowIf("clone", SeccompArg.masked(0, NAMESPACE_FLAGS, 0)));
      // Its flags are behind a pointer, out of reach of a filter: libc falls back to clone.
      rules.add(new SeccompSyscall(List.of("clone3"), Seccomp.ERRNO, ENOSYS, List.of(), JsonObject.EMPTY));
    }
    for (String[] opened : BY_CAPABILITY) {
      if (capabilities.contains(opened[0])) {
        rules.add(SeccompSyscall.of(Seccomp.ALLOW, words(opened[1])));
      }
    }
    return Seccomp.builder(Seccomp.ERRNO).defaultErrnoRet(1L).architectures(architectures()).syscalls(rules).build();
  }

  private static SeccompSyscall allowIf(String name, SeccompArg condition) {
    return new SeccompSyscall(List.of(name), Seccomp.ALLOW, null, List.of(condition), JsonObject.EMPTY);
  }

  /// What the host's kernel runs: its own architecture and the 32-bit ones beside it.
  private static List<String> architectures() {
    return switch (System.getProperty("os.arch", "")) {
      case "amd64" -> List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32");
      case "aarch64" -> List.of("SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM");
      // The runtime takes its own.
      default -> List.of();
    };
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) <= ' ') {
        if (i > start) {
          words.add(text.substring(start, i));
        }
        start = i + 1;
      }
    }
    return words;
  }
}
