package io.containerkit.linux;

import io.containerkit.spec.ContainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Something that a container engine wants of the kernel, asked of the kernel that runs: by the call itself where there is one,
/// with arguments that do nothing, for a version number says neither what a distribution put back nor what a filter forbids.
public enum KernelFeature {
  /// Processes held by a descriptor.
  PIDFD("5.3", "to signal and to await a process, and never another one that got its number") {
    @Override
    Optional<String> probe() {
      try (PidFd self = PidFd.open((int) ProcessHandle.current().pid())) {
        return self.isAlive() ? Optional.empty() : Optional.of("it says that this process has ended");
      }
    }
  },

  /// The exit status of any process, for whoever holds it.
  PIDFD_GET_INFO("6.15", "to know how a container ended without being its parent") {
    @Override
    Optional<String> probe() throws InterruptedException {
      // Held as by a stranger: a status after the parent's reaping can come from the kernel's record alone.
      try (Pipe pipe = Pipe.open()) {
        Child child = Spawn.of("cat").descriptor(0, pipe.readEnd()).start();
        try (PidFd held = PidFd.open(child.pid())) {
          pipe.writeEnd().close();
          if (child.waitFor(PATIENCE).isEmpty()) {
            child.signal(Signal.KILL);
            return Optional.of("a child did not end");
          }
          return switch (held.status().orElseThrow()) {
            case ExitStatus.Unknown(String why) -> Optional.of(why);
            case ExitStatus.Exited _, ExitStatus.Signaled _ -> Optional.empty();
          };
        }
      }
    }
  },

  /// `clone3(2)`.
  CLONE3("5.3", "for runtimes to start a process in its control group at once") {
    @Override
    Optional<String> probe() {
      return answers(Syscall.CLONE3, 0, 0);
    }
  },

  /// `close_range(2)`.
  CLOSE_RANGE("5.9", "for processes to start without the descriptors of others") {
    @Override
    Optional<String> probe() {
      // From 1 to 0: refused as an argument.
      return answers(Syscall.CLOSE_RANGE, 1, 0);
    }
  },

  /// `openat2(2)`.
  OPENAT2("5.6", "to open files inside of a root directory and nowhere else") {
    @Override
    Optional<String> probe() {
      return answers(Syscall.OPENAT2, -1, 0);
    }
  },

  /// `fsopen(2)` and its like, to `mount_setattr(2)`, which came last.
  NEW_MOUNT_API("5.12", "to mount overlays of many layers, and without a path that could be exchanged meanwhile") {
    @Override
    Optional<String> probe() {
      return answers(Syscall.FSOPEN, 0, 0).or(() -> answers(Syscall.MOUNT_SETATTR, -1, 0));
    }
  },

  /// The overlay file system.
  OVERLAY("3.18", "for root file systems of shared layers") {
    @Override
    Optional<String> probe() throws IOException {
      return Files.readString(Path.of("/proc/filesystems")).lines().anyMatch(line -> line.endsWith("\toverlay"))
          ? Optional.empty()
          : Optional.of("/proc/filesystems does not list it; `modprobe overlay` loads it where it is a module");
    }
  },

  /// User namespaces.
  USER_NAMESPACES("3.8", "for containers whose root is not the host's root") {
    @Override
    Optional<String> probe() throws IOException {
      if (!Files.exists(Path.of("/proc/self/ns/user"))) {
        return Optional.of("the kernel was built without them");
      }
      Path limit = Path.of("/proc/sys/user/max_user_namespaces");
      return Files.readString(limit).strip().equals("0")
          ? Optional.of(limit + " is 0; `sysctl -w user.max_user_namespaces=15000` allows them")
          : Optional.empty();
    }
  },

  /// Filters of system calls.
  SECCOMP("3.17", "to keep containers from most of the kernel's calls") {
    @Override
    Optional<String> probe() {
      return Files.exists(Path.of("/proc/sys/kernel/seccomp/actions_avail"))
          ? Optional.empty()
          : Optional.of("the kernel was built without CONFIG_SECCOMP_FILTER");
    }
  };

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String since;
  private final String purpose;

  KernelFeature(String since, String purpose) {
    this.since = since;
    this.purpose = purpose;
  }

  /// The version of Linux that has it first.
  public String since() {
    return since;
  }

  /// What it is wanted for, to be read after "needed".
  public String purpose() {
    return purpose;
  }

  /// Asks the kernel. Takes less than a millisecond, [#PIDFD_GET_INFO] a few.
  ///
  /// @return why it is not to be had; empty if it is
  public Optional<String> missing() throws InterruptedException {
    try {
      return probe();
    } catch (IOException | ContainerException e) {
      return Optional.of(e.toString());
    }
  }

  abstract Optional<String> probe() throws IOException, InterruptedException;

  /// Makes a call that must fail, and looks at how: a kernel that knows it complains of the arguments.
  private static Optional<String> answers(int number, long first, long second) {
    long result = Native.syscall(number, first, second, 0);
    if (result == -Errno.ENOSYS) {
      return Optional.of("the kernel does not have it, or a seccomp filter around this process hides it");
    }
    if (result == -Errno.EPERM) {
      return Optional.of("it is not permitted to this process");
    }
    return Optional.empty();
  }
}
