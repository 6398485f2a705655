package io.containerkit.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Which capabilities a process gets (`capabilities(7)`), from `--cap-add`, `--cap-drop` and `--privileged`.
///
/// @param add names, checked, in their full form; or `ALL`
/// @param drop likewise
record CapabilityFlags(List<String> add, List<String> drop, boolean privileged) {

  private static final String ALL = "ALL";

  /// In the order of their numbers.
  private static final List<String> NAMES =
      List.of(
          "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP",
          "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER",
          "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
          "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
          "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF",
          "CHECKPOINT_RESTORE");

  static CapabilityFlags of(Arguments arguments) {
    return new CapabilityFlags(names(arguments, "cap-add"), names(arguments, "cap-drop"), arguments.has("privileged"));
  }

  private static List<String> names(Arguments arguments, String flag) {
    List<String> names = new ArrayList<>();
    for (String text : arguments.texts(flag)) {
      String upper = text.toUpperCase(Locale.ROOT);
      String name = upper.startsWith("CAP_") ? upper.substring(4) : upper;
      if (!name.equals(ALL) && !NAMES.contains(name)) {
        String better = Suggestion.word(name, NAMES);
        throw arguments.mistake(
            "--" + flag + ": there is no capability \"" + text + "\"" + (better.isEmpty() ? "" : "; did you mean " + better + "?"));
      }
      names.add(name.equals(ALL) ? ALL : "CAP_" + name);
    }
    return List.copyOf(names);
  }

  boolean isEmpty() {
    return add.isEmpty() && drop.isEmpty() && !privileged;
  }

  /// The capabilities that a process has which would have `base` without these flags. What is added outweighs `--cap-drop ALL`,
  /// and what is dropped by name outweighs `--cap-add ALL`.
  ///
  /// @param mask the capabilities that can be given at all: a bit for each, as `CapBnd` in `/proc/self/status`
  List<String> applyTo(List<String> base, long mask) {
    List<String> result = new ArrayList<>();
    if (privileged || add.contains(ALL)) {
      for (int i = 0; i < NAMES.size(); i++) {
        if ((mask >>> i & 1) != 0) {
          result.add("CAP_" + NAMES.get(i));
        }
      }
    } else if (!drop.contains(ALL)) {
      result.addAll(base);
    }
    for (String name : add) {
      if (!name.equals(ALL) && !result.contains(name)) {
        result.add(name);
      }
    }
    result.removeAll(drop);
    return List.copyOf(result);
  }
}
