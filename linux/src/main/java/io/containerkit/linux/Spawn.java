package io.containerkit.linux;

import io.containerkit.spec.KernelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Starts a process with exactly what is said here and nothing more: arguments, environment, directory, descriptors.
///
/// Descriptors that are not named are closed in the child, except 0, 1 and 2, which are `/dev/null` then. All signals have their
/// default action and none is blocked. The child gets the mount namespace of the calling thread, see [MountNamespace#call].
///
/// {@snippet :
/// try (Pipe pipe = Pipe.open()) {
///   Child child = Spawn.of("crun", "--version").descriptor(1, pipe.writeEnd()).start();
/// }
/// }
///
/// A builder for one thread; the start blocks until the program is executed (0.6 ms), and takes no copy of the JVM's memory
/// (`posix_spawn(3)`).
public final class Spawn {

  private final List<String> argv;
  private final Map<Integer, Fd> descriptors = new TreeMap<>();
  private @Nullable Map<String, String> environment;
  private @Nullable Path directory;
  private @Nullable Path terminal;
  private boolean newSession;
  private int processGroup = -1;
  private @Nullable EventLoop loop;

  private Spawn(List<String> argv) {
    if (argv.isEmpty()) {
      throw new IllegalArgumentException("a command has at least the program's name");
    }
    this.argv = List.copyOf(argv);
  }

  /// Prepares a command.
  ///
  /// @param argv the program and its arguments; a program without a slash is looked up on this process' PATH
  public static Spawn of(String... argv) {
    return new Spawn(List.of(argv));
  }

  /// Prepares a command.
  ///
  /// @param argv the program and its arguments; a program without a slash is looked up on this process' PATH
  public static Spawn of(List<String> argv) {
    return new Spawn(argv);
  }

  /// Sets the whole environment. Without this the child gets that of this process.
  public Spawn environment(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
    return this;
  }

  /// Sets the working directory. Without this the child gets that of this process.
  public Spawn directory(Path directory) {
    this.directory = directory;
    return this;
  }

  /// Gives the child a descriptor. It stays the caller's, who may close it once [#start] has returned.
  ///
  /// @param number its number in the child
  public Spawn descriptor(int number, Fd fd) {
    if (number < 0) {
      throw new IllegalArgumentException("a descriptor is not negative: " + number);
    }
    descriptors.put(number, fd);
    return this;
  }

  /// Gives the child 0, 1 and 2 of this process.
  public Spawn inheritIo() {
    return descriptor(0, Fd.borrow(0)).descriptor(1, Fd.borrow(1)).descriptor(2, Fd.borrow(2));
  }

  /// Makes a terminal the child's controlling one, in a new session, and its descriptors 0, 1 and 2 unless they are given.
  public Spawn terminal(Pty pty) {
    this.terminal = pty.peerPath();
    return newSession();
  }

  /// Makes the child the leader of a new session (`setsid(2)`).
  public Spawn newSession() {
    newSession = true;
    return this;
  }

  /// Puts the child into a process group.
  ///
  /// @param group the group's id; 0 for a new one that the child leads
  public Spawn processGroup(int group) {
    if (group < 0) {
      throw new IllegalArgumentException("a process group is not negative: " + group);
    }
    processGroup = group;
    return this;
  }

  /// Has another loop than the [shared][EventLoop#shared] one wait for the child.
  public Spawn loop(EventLoop loop) {
    this.loop = loop;
    return this;
  }

  /// Starts the process.
  ///
  /// @throws KernelException if that fails; the subject is the program, or the working directory if that is what is missing
  public Child start() {
    EventLoop waiter = loop == null ? EventLoop.shared() : loop;
    int pid;
    try (PosixSpawn call = new PosixSpawn()) {
      call.signalDefaults();
      if (newSession) {
        call.newSession();
      }
      if (processGroup >= 0) {
        call.processGroup(processGroup);
      }
      Path cwd = directory;
      if (cwd != null) {
        call.chdir(cwd.toString());
      }
      call.descriptors(descriptors, terminal == null ? "/dev/null" : terminal.toString());
      int errno = call.run(argv, environment == null ? System.getenv() : environment);
      if (errno != 0) {
        // The kernel does not say which of the two is missing.
        boolean directoryFailed = cwd != null && errno != Errno.EACCES && !Files.isDirectory(cwd);
        throw Errno.exception("posix_spawn", directoryFailed ? "in directory " + cwd : argv.getFirst(), errno);
      }
      pid = call.pid();
    }
    return watch(pid, waiter);
  }

  /// Hands the child to the loop. A child that cannot be watched, for want of a descriptor, is not left to itself.
  private static Child watch(int pid, EventLoop waiter) {
    PidFd pidFd = null;
    try {
      pidFd = PidFd.ofChild(pid);
      return new Child(pidFd, waiter);
    } catch (RuntimeException e) {
      PosixSpawn.killAndReap(pid);
      if (pidFd != null) {
        pidFd.close();
      }
      throw e;
    }
  }
}
