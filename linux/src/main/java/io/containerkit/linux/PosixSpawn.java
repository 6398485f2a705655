package io.containerkit.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One call of `posix_spawn(3)` with its attributes and file actions, as glibc runs them: attributes first (session, group,
/// signals), then the actions in the order they were added, then the program.
final class PosixSpawn implements AutoCloseable {

  /// At least as large as glibc's opaque types, which have 80 and 336 bytes.
  static final int FILE_ACTIONS_SIZE = 128;
  static final int ATTRIBUTES_SIZE = 512;
  /// glibc's `sigset_t`.
  static final int SIGSET_SIZE = 128;

  private static final int SETPGROUP = 0x02;
  private static final int SETSIGDEF = 0x04;
  private static final int SETSIGMASK = 0x08;
  private static final int SETSID = 0x80;

  private static final int P_PID = 1;
  private static final int WEXITED = 4;

  private final Arena arena = Arena.ofConfined();
  private final long actions = arena.allocate(FILE_ACTIONS_SIZE, 8).address();
  private final long attributes = arena.allocate(ATTRIBUTES_SIZE, 8).address();
  private final MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
  private final List<Fd> moved = new ArrayList<>();
  private int flags;

  /// Function addresses, found once.
  private static final class Libc {
    static final MemorySegment SPAWN = Native.function("posix_spawn");
    static final MemorySegment SPAWNP = Native.function("posix_spawnp");
    static final MemorySegment ACTIONS_INIT = Native.function("posix_spawn_file_actions_init");
    static final MemorySegment ACTIONS_DESTROY = Native.function("posix_spawn_file_actions_destroy");
    static final MemorySegment ADD_DUP2 = Native.function("posix_spawn_file_actions_adddup2");
    static final MemorySegment ADD_OPEN = Native.function("posix_spawn_file_actions_addopen");
    static final MemorySegment ADD_CLOSE = Native.function("posix_spawn_file_actions_addclose");
    static final MemorySegment ADD_CLOSE_FROM = Native.function("posix_spawn_file_actions_addclosefrom_np");
    static final MemorySegment ADD_CHDIR = Native.function("posix_spawn_file_actions_addchdir_np");
    static final MemorySegment ATTRIBUTES_INIT = Native.function("posix_spawnattr_init");
    static final MemorySegment SET_FLAGS = Native.function("posix_spawnattr_setflags");
    static final MemorySegment SET_PGROUP = Native.function("posix_spawnattr_setpgroup");
    static final MemorySegment SET_SIGDEFAULT = Native.function("posix_spawnattr_setsigdefault");
    static final MemorySegment SET_SIGMASK = Native.function("posix_spawnattr_setsigmask");
  }

  PosixSpawn() {
    set(Libc.ACTIONS_INIT, actions, 0, 0);
    set(Libc.ATTRIBUTES_INIT, attributes, 0, 0);
  }

  /// Gives every signal its default action and blocks none: the JVM ignores some, and threads may block others.
  void signalDefaults() {
    MemorySegment none = arena.allocate(SIGSET_SIZE, 8);
    MemorySegment all = arena.allocate(SIGSET_SIZE, 8);
    all.set(ValueLayout.JAVA_LONG, 0, -1L);
    set(Libc.SET_SIGMASK, attributes, none.address(), 0);
    set(Libc.SET_SIGDEFAULT, attributes, all.address(), 0);
    flags |= SETSIGMASK | SETSIGDEF;
  }

  void newSession() {
    flags |= SETSID;
  }

  void processGroup(int group) {
    set(Libc.SET_PGROUP, attributes, group, 0);
    flags |= SETPGROUP;
  }

  void chdir(String directory) {
    set(Libc.ADD_CHDIR, actions, CString.copy(arena, directory), 0);
  }

  /// Gives the child these descriptors by their numbers, opens a file for those of 0, 1 and 2 that are not among them, and closes
  /// everything else.
  void descriptors(Map<Integer, Fd> wanted, String standard) {
    int highest = 2;
    for (int number : wanted.keySet()) {
      highest = Math.max(highest, number);
    }
    for (Map.Entry<Integer, Fd> entry : wanted.entrySet()) {
      set(Libc.ADD_DUP2, actions, source(entry.getValue(), highest), entry.getKey());
    }
    for (int number = 3; number < highest; number++) {
      if (!wanted.containsKey(number)) {
        set(Libc.ADD_CLOSE, actions, number, 0);
      }
    }
    for (int number = 0; number <= 2; number++) {
      if (!wanted.containsKey(number)) {
        open(number, standard);
      }
    }
    set(Libc.ADD_CLOSE_FROM, actions, highest + 1, 0);
  }

  /// The number to copy from: above all targets, so that no copy overwrites what a later one reads.
  private int source(Fd fd, int highest) {
    Fd above = fd.duplicateFrom(highest + 1);
    moved.add(above);
    return above.number();
  }

  private void open(int number, String path) {
    long result = Native.call(Libc.ADD_OPEN, actions, number, CString.copy(arena, path), Fd.O_RDWR, 0, 0);
    check(result, "posix_spawn_file_actions_addopen");
  }

  /// Starts the program.
  ///
  /// @return the error number; 0 if the program was executed
  int run(List<String> argv, Map<String, String> environment) {
    set(Libc.SET_FLAGS, attributes, flags, 0);
    String program = argv.getFirst();
    MemorySegment arguments = pointers(argv.size());
    for (int i = 0; i < argv.size(); i++) {
      arguments.setAtIndex(ValueLayout.JAVA_LONG, i, CString.copy(arena, argv.get(i)));
    }
    MemorySegment variables = pointers(environment.size());
    int index = 0;
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      variables.setAtIndex(ValueLayout.JAVA_LONG, index++, CString.copy(arena, variable.getKey() + "=" + variable.getValue()));
    }
    return (int)
        Native.call(
            program.indexOf('/') >= 0 ? Libc.SPAWN : Libc.SPAWNP,
            pid.address(),
            arguments.get(ValueLayout.JAVA_LONG, 0),
            actions,
            attributes,
            arguments.address(),
            variables.address());
  }

  int pid() {
    return pid.get(ValueLayout.JAVA_INT, 0);
  }

  /// Ends a child that nobody else waits for, by its pid.
  static void killAndReap(int pid) {
    Native.syscall(Syscall.KILL, pid, Signal.KILL.number(), 0);
    long result;
    do {
      result = Native.syscall(Syscall.WAITID, P_PID, pid, 0, WEXITED, 0);
    } while (result == -Errno.EINTR);
    Errno.check(result, "waitid", "pid " + pid);
  }

  /// An array of pointers with a null at its end.
  private MemorySegment pointers(int count) {
    return arena.allocate(ValueLayout.JAVA_LONG, count + 1L);
  }

  private static void set(MemorySegment function, long a, long b, long c) {
    check(Native.call(function, a, b, c), "posix_spawn");
  }

  /// These functions return their error number, as an int in the low half of the register.
  private static void check(long result, String call) {
    if ((int) result != 0) {
      throw Errno.exception(call, "", (int) result);
    }
  }

  @Override
  public void close() {
    Native.call(Libc.ACTIONS_DESTROY, actions, 0, 0);
    moved.forEach(Fd::close);
    arena.close();
  }
}
