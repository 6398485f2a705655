package io.containerkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.containerkit.spec.KernelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Holds every struct layout, constant and system call number of this module against what the C compiler of this machine makes of
/// the kernel's and libc's headers.
class LayoutTest {

  private static final String HEADERS =
      """
      #define _GNU_SOURCE
      #include <fcntl.h>
      #include <linux/mount.h>
      #include <linux/openat2.h>
      #include <poll.h>
      #include <sched.h>
      #include <signal.h>
      #include <spawn.h>
      #include <stddef.h>
      #include <stdio.h>
      #include <sys/epoll.h>
      #include <sys/eventfd.h>
      #include <sys/inotify.h>
      #include <sys/ioctl.h>
      #include <sys/prctl.h>
      #include <sys/resource.h>
      #include <sys/socket.h>
      #include <sys/syscall.h>
      #include <sys/un.h>
      #include <sys/wait.h>
      #include <asm/termbits.h>
      #define V(name, value) printf("%s=%lld\\n", name, (long long) (value))
      int main(void) {
      """;

  /// What this module says, by the C expression that it stands for.
  private final Map<String, Long> java = new LinkedHashMap<>();

  @Test
  void everyLayoutIsTheCompilersOwn(@TempDir Path directory) throws Exception {
    structs();
    constants();
    limits();
    syscalls();
    fileSyscalls();
    assertThat(valuesOfC(directory)).isEqualTo(java);
  }

  /// Asks C for the value of every expression.
  private Map<String, Long> valuesOfC(Path directory) throws Exception {
    StringBuilder source = new StringBuilder(HEADERS);
    for (String expression : java.keySet()) {
      source.append("  V(\"").append(expression).append("\", ").append(expression).append(");\n");
    }
    Path file = Files.writeString(directory.resolve("layout.c"), source.append("  return 0;\n}\n"));
    Path program = directory.resolve("layout");
    Path messages = directory.resolve("messages");
    if (!gcc(file, program, messages).isSuccess()) {
      fail("gcc does not compile the table of layouts:\n" + Files.readString(messages));
    }
    Map<String, Long> values = new LinkedHashMap<>();
    for (String line : SpawnTest.output(Spawn.of(program.toString())).split("\n", -1)) {
      int equals = line.lastIndexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals), Long.parseLong(line.substring(equals + 1)));
      }
    }
    return values;
  }

  private static ExitStatus gcc(Path file, Path program, Path messages) throws InterruptedException {
    try (Fd errors = Fd.openToWrite(messages, false)) {
      return Spawn.of("gcc", "-o", program.toString(), file.toString()).descriptor(2, errors).start().waitFor();
    } catch (KernelException missing) {
      return fail("this test compares layouts with those of C, so it needs gcc and the headers: apt install gcc libc6-dev", missing);
    }
  }

  private void structs() {
    is("sizeof(struct epoll_event)", EventLoop.EVENT_SIZE);
    is("offsetof(struct epoll_event, data)", EventLoop.EVENT_DATA);
    is("sizeof(siginfo_t)", PidFd.SIGINFO_SIZE);
    is("offsetof(siginfo_t, si_code)", PidFd.SIGINFO_CODE);
    is("offsetof(siginfo_t, si_pid)", PidFd.SIGINFO_PID);
    is("offsetof(siginfo_t, si_status)", PidFd.SIGINFO_STATUS);
    is("sizeof(struct pollfd)", Poll.POLLFD_SIZE);
    is("offsetof(struct pollfd, events)", Poll.POLLFD_EVENTS);
    is("sizeof(struct termios)", Terminal.TERMIOS_SIZE);
    is("offsetof(struct termios, c_iflag)", Terminal.TERMIOS_INPUT);
    is("offsetof(struct termios, c_oflag)", Terminal.TERMIOS_OUTPUT);
    is("offsetof(struct termios, c_cflag)", Terminal.TERMIOS_CONTROL);
    is("offsetof(struct termios, c_lflag)", Terminal.TERMIOS_LOCAL);
    is("offsetof(struct termios, c_cc)", Terminal.TERMIOS_CHARACTERS);
    is("sizeof(struct winsize)", Terminal.WINSIZE_SIZE);
    is("offsetof(struct winsize, ws_row)", Terminal.WINSIZE_ROWS);
    is("offsetof(struct winsize, ws_col)", Terminal.WINSIZE_COLUMNS);
    is("sizeof(struct sockaddr_un)", UnixSocket.ADDRESS_SIZE);
    is("offsetof(struct sockaddr_un, sun_path)", UnixSocket.ADDRESS_PATH);
    is("sizeof(((struct sockaddr_un *) 0)->sun_path) - 1", UnixSocket.MAX_PATH);
    is("sizeof(struct msghdr)", UnixSocket.MESSAGE_SIZE);
    is("offsetof(struct msghdr, msg_iov)", UnixSocket.MESSAGE_PARTS);
    is("offsetof(struct msghdr, msg_iovlen)", UnixSocket.MESSAGE_PART_COUNT);
    is("offsetof(struct msghdr, msg_control)", UnixSocket.MESSAGE_CONTROL);
    is("offsetof(struct msghdr, msg_controllen)", UnixSocket.MESSAGE_CONTROL_LENGTH);
    is("sizeof(struct iovec)", UnixSocket.PART_SIZE);
    is("offsetof(struct iovec, iov_len)", UnixSocket.PART_LENGTH);
    is("offsetof(struct cmsghdr, cmsg_level)", UnixSocket.CONTROL_LEVEL);
    is("offsetof(struct cmsghdr, cmsg_type)", UnixSocket.CONTROL_TYPE);
    is("CMSG_LEN(0)", UnixSocket.CONTROL_HEADER_SIZE);
    is("sizeof(struct open_how)", Openat2.HOW_SIZE);
    is("offsetof(struct open_how, flags)", Openat2.HOW_FLAGS);
    is("offsetof(struct open_how, mode)", Openat2.HOW_MODE);
    is("offsetof(struct open_how, resolve)", Openat2.HOW_RESOLVE);
    is("sizeof(struct mount_attr)", Mounts.MOUNT_ATTR_SIZE);
    is("offsetof(struct mount_attr, attr_set)", Mounts.MOUNT_ATTR_SET);
    is("offsetof(struct mount_attr, propagation)", Mounts.MOUNT_ATTR_PROPAGATION);
    is("sizeof(struct rlimit)", Allowance.RLIMIT_SIZE);
    is("offsetof(struct rlimit, rlim_max)", Allowance.RLIMIT_HARD);
    is("sizeof(sigset_t)", PosixSpawn.SIGSET_SIZE);
    is("sizeof(posix_spawnattr_t) <= " + PosixSpawn.ATTRIBUTES_SIZE, 1);
    is("sizeof(posix_spawn_file_actions_t) <= " + PosixSpawn.FILE_ACTIONS_SIZE, 1);
  }

  private void constants() {
    is("EPOLLIN", EventLoop.EPOLLIN);
    is("EPOLLPRI", EventLoop.EPOLLPRI);
    is("EPOLLOUT", EventLoop.EPOLLOUT);
    is("EPOLLERR", EventLoop.EPOLLERR);
    is("EPOLLHUP", EventLoop.EPOLLHUP);
    is("(int) EPOLLONESHOT", EventLoop.EPOLLONESHOT);
    is("(int) EPOLLET", EventLoop.EPOLLET);
    is("EFD_NONBLOCK", Fd.O_NONBLOCK);
    is("SOCK_CLOEXEC", Fd.O_CLOEXEC);
    is("O_CREAT", Fd.O_CREAT);
    is("O_NOCTTY", Fd.O_NOCTTY);
    is("O_TRUNC", Fd.O_TRUNC);
    is("O_APPEND", Fd.O_APPEND);
    is("O_PATH", Fd.O_PATH);
    is("AT_FDCWD", Fd.AT_FDCWD);
    is("(int) TIOCGPTN", Terminal.TIOCGPTN);
    is("(int) TIOCGPTPEER", Terminal.TIOCGPTPEER);
    is("(int) _IOWR(0xFF, 11, char[64])", PidFd.GET_INFO);
    is("SIGUSR2", Signal.USR2.number());
    is("SIGCONT", Signal.CONT.number());
    is("SIGWINCH", Signal.WINCH.number());
    is("SIGSYS", Signal.of("SYS").number());
    is("SIGRTMIN", Signal.of("RTMIN").number());
    is("SIGRTMAX", Signal.of("RTMAX").number());
  }

  private void limits() {
    for (String limit : Allowance.LIMITS) {
      is(limit, Allowance.LIMITS.indexOf(limit));
    }
  }

  private void syscalls() {
    is("SYS_read", Syscall.READ);
    is("SYS_write", Syscall.WRITE);
    is("SYS_close", Syscall.CLOSE);
    is("SYS_ioctl", Syscall.IOCTL);
    is("SYS_getpid", Syscall.GETPID);
    is("SYS_socket", Syscall.SOCKET);
    is("SYS_connect", Syscall.CONNECT);
    is("SYS_sendmsg", Syscall.SENDMSG);
    is("SYS_recvmsg", Syscall.RECVMSG);
    is("SYS_bind", Syscall.BIND);
    is("SYS_listen", Syscall.LISTEN);
    is("SYS_kill", Syscall.KILL);
    is("SYS_fcntl", Syscall.FCNTL);
    is("SYS_chdir", Syscall.CHDIR);
    is("SYS_prctl", Syscall.PRCTL);
    is("SYS_mount", Syscall.MOUNT);
    is("SYS_umount2", Syscall.UMOUNT2);
    is("SYS_epoll_ctl", Syscall.EPOLL_CTL);
    is("SYS_waitid", Syscall.WAITID);
    is("SYS_inotify_add_watch", Syscall.INOTIFY_ADD_WATCH);
    is("SYS_openat", Syscall.OPENAT);
    is("SYS_ppoll", Syscall.PPOLL);
    is("SYS_unshare", Syscall.UNSHARE);
    is("SYS_epoll_pwait", Syscall.EPOLL_PWAIT);
    is("SYS_accept4", Syscall.ACCEPT4);
    is("SYS_eventfd2", Syscall.EVENTFD2);
    is("SYS_epoll_create1", Syscall.EPOLL_CREATE1);
    is("SYS_pipe2", Syscall.PIPE2);
    is("SYS_inotify_init1", Syscall.INOTIFY_INIT1);
    is("SYS_prlimit64", Syscall.PRLIMIT64);
    is("SYS_setns", Syscall.SETNS);
    is("SYS_pidfd_send_signal", Syscall.PIDFD_SEND_SIGNAL);
    is("SYS_open_tree", Syscall.OPEN_TREE);
    is("SYS_move_mount", Syscall.MOVE_MOUNT);
    is("SYS_fsopen", Syscall.FSOPEN);
    is("SYS_fsconfig", Syscall.FSCONFIG);
    is("SYS_fsmount", Syscall.FSMOUNT);
    is("SYS_pidfd_open", Syscall.PIDFD_OPEN);
    is("SYS_clone3", Syscall.CLONE3);
    is("SYS_close_range", Syscall.CLOSE_RANGE);
    is("SYS_openat2", Syscall.OPENAT2);
    is("SYS_mount_setattr", Syscall.MOUNT_SETATTR);
  }

  private void fileSyscalls() {
    is("SYS_lseek", FileSyscall.LSEEK);
    is("SYS_sendfile", FileSyscall.SENDFILE);
    is("SYS_fsync", FileSyscall.FSYNC);
    is("SYS_ftruncate", FileSyscall.FTRUNCATE);
    is("SYS_fchmod", FileSyscall.FCHMOD);
    is("SYS_setxattr", FileSyscall.SETXATTR);
    is("SYS_lsetxattr", FileSyscall.LSETXATTR);
    is("SYS_lgetxattr", FileSyscall.LGETXATTR);
    is("SYS_llistxattr", FileSyscall.LLISTXATTR);
    is("SYS_getdents64", FileSyscall.GETDENTS64);
    is("SYS_mkdirat", FileSyscall.MKDIRAT);
    is("SYS_mknodat", FileSyscall.MKNODAT);
    is("SYS_fchownat", FileSyscall.FCHOWNAT);
    is("SYS_unlinkat", FileSyscall.UNLINKAT);
    is("SYS_linkat", FileSyscall.LINKAT);
    is("SYS_symlinkat", FileSyscall.SYMLINKAT);
    is("SYS_readlinkat", FileSyscall.READLINKAT);
    is("SYS_fchmodat", FileSyscall.FCHMODAT);
    is("SYS_utimensat", FileSyscall.UTIMENSAT);
    is("SYS_syncfs", FileSyscall.SYNCFS);
    is("SYS_renameat2", FileSyscall.RENAMEAT2);
    is("SYS_statx", FileSyscall.STATX);
    is("O_DIRECTORY", FileSyscall.O_DIRECTORY);
    is("O_NOFOLLOW", FileSyscall.O_NOFOLLOW);
  }

  private void is(String expression, long value) {
    java.put(expression, value);
  }
}
