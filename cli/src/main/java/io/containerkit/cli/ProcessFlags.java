package io.containerkit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How a process in a container is set up: what `run`, `create` and `exec` have in common.
///
/// @param tty whether it gets a terminal
/// @param interactive whether it reads ckit's standard input; otherwise it reads end-of-file
/// @param user `USER[:GROUP]`, by name or number
/// @param env `NAME=VALUE`, or `NAME` alone to take the value from ckit's own environment
/// @param envFiles files with one such line each
record ProcessFlags(
    boolean tty,
    boolean interactive,
    Optional<Path> workdir,
    Optional<String> user,
    List<String> env,
    List<Path> envFiles,
    CapabilityFlags capabilities,
    boolean noNewPrivileges) {

  static void describe(Flags flags) {
    flags
        .section("Process")
        .toggle("t", "tty", "Gives the command a terminal, and puts this one in raw mode meanwhile.")
        .toggle("i", "interactive", "Connects standard input; without it the command reads end-of-file.")
        .value("w", "workdir", "DIR", "The working directory, inside the container.")
        .value("u", "user", "USER[:GROUP]", "The user and group, by name or number.")
        .value("e", "env", "NAME[=VALUE]", "An environment variable; without a value, ckit's own. Repeatable.")
        .value("env-file", "FILE", "A file with one NAME[=VALUE] a line. Repeatable.")
        .value("cap-add", "CAP", "A further capability, such as NET_ADMIN, or ALL. Repeatable.")
        .value("cap-drop", "CAP", "A capability to take away, or ALL. Repeatable.")
        .toggle("privileged", "Gives all capabilities and lifts the confinement. Use with care.")
        .toggle("no-new-privs", "Lets no set-user-ID program gain privileges.");
  }

  static ProcessFlags of(Arguments arguments) {
    Optional<Path> workdir = Values.path(arguments, "workdir");
    if (workdir.isPresent() && !workdir.get().isAbsolute()) {
      throw Values.wrong(arguments, "workdir", workdir.get().toString(), "an absolute path inside the container", null);
    }
    for (String variable : arguments.texts("env")) {
      if (variable.isEmpty() || variable.charAt(0) == '=') {
        throw Values.wrong(arguments, "env", variable, "NAME=VALUE or NAME", null);
      }
    }
    return new ProcessFlags(
        arguments.has("tty"),
        arguments.has("interactive"),
        workdir,
        arguments.text("user"),
        arguments.texts("env"),
        Values.paths(arguments, "env-file"),
        CapabilityFlags.of(arguments),
        arguments.has("no-new-privs"));
  }
}
