package io.containerkit.runtime;

import java.util.HashMap;
import java.util.Map;

/// The environment of a runtime's command: that of this JVM without what would change the meaning of the command.
final class Environment {

  private Environment() {}

  /// Takes out what belongs to this process alone: the sockets that systemd handed to it and the readiness that it waits for
  /// (`sd_notify(3)`, `sd_listen_fds(3)`), which runc would pass on to the container, and what runc tells its own stages.
  static Map<String, String> scrubbed(Map<String, String> environment) {
    Map<String, String> scrubbed = new HashMap<>(environment);
    scrubbed.keySet().removeIf(Environment::isPrivate);
    return Map.copyOf(scrubbed);
  }

  private static boolean isPrivate(String name) {
    return switch (name) {
      case "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "MAINPID", "FDSTORE", "INVOCATION_ID", "JOURNAL_STREAM" -> true;
      default -> name.startsWith("LISTEN_") || name.startsWith("_LIBCONTAINER_") || name.startsWith("_CRIU_");
    };
  }
}
