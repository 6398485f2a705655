package io.containerkit.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a container made from a directory shares with the host, and what it is called.
///
/// @param hostNetwork whether it shares the host's network; otherwise it has loopback only
/// @param sysctls `NAME=VALUE`, checked
record NamespaceFlags(
    boolean hostNetwork,
    boolean hostPid,
    boolean hostIpc,
    boolean hostUts,
    boolean hostCgroup,
    Optional<String> hostname,
    List<String> sysctls) {

  /// `HOST_NAME_MAX`, see gethostname(2).
  private static final int LONGEST_HOSTNAME = 64;

  static void describe(Flags flags) {
    flags
        .section("Isolation")
        .value("network", "none|host", "none: loopback only, the default; host: the host's network.")
        .value("pid", "private|host", "Whether it sees the host's processes.")
        .value("ipc", "private|host", "Whether it shares the host's System V IPC and message queues.")
        .value("uts", "private|host", "Whether it shares the host's name.")
        .value("cgroupns", "private|host", "Whether it sees the host's cgroups.")
        .value("h", "hostname", "NAME", "Its host name; without it, its id.")
        .value("sysctl", "NAME=VALUE", "A kernel setting of its namespaces. Repeatable.");
  }

  static NamespaceFlags of(Arguments arguments) {
    boolean hostUts = isHost(arguments, "uts", "private");
    if (hostUts && arguments.has("hostname")) {
      throw arguments.mistake("--hostname cannot be combined with --uts host: it would rename the host");
    }
    Optional<String> hostname = arguments.text("hostname");
    if (hostname.isPresent() && (hostname.get().isEmpty() || hostname.get().length() > LONGEST_HOSTNAME)) {
      throw Values.wrong(arguments, "hostname", hostname.get(), "a host name: it has 1 to " + LONGEST_HOSTNAME + " characters", null);
    }
    List<String> sysctls = new ArrayList<>();
    for (String sysctl : arguments.texts("sysctl")) {
      sysctls.add(Values.assignment(arguments, "sysctl", sysctl));
    }
    return new NamespaceFlags(
        isHost(arguments, "network", "none"),
        isHost(arguments, "pid", "private"),
        isHost(arguments, "ipc", "private"),
        hostUts,
        isHost(arguments, "cgroupns", "private"),
        hostname,
        List.copyOf(sysctls));
  }

  private static boolean isHost(Arguments arguments, String flag, String otherwise) {
    return Values.choice(arguments, flag, otherwise, "host").orElse(otherwise).equals("host");
  }
}
