package io.containerkit.runtime;

import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The options of one command, each checked against the dialect as it is added: an option that the runtime does not have is
/// refused here, by name, and not by a usage text.
final class Args {

  private final Dialect dialect;
  private final String command;
  private final List<String> args = new ArrayList<>();

  Args(Dialect dialect, String command) {
    if (!dialect.has(command)) {
      throw unsupported(dialect, command, "there is no such command");
    }
    this.dialect = dialect;
    this.command = command;
  }

  /// Adds `--name` if it is wanted.
  Args flag(String name, boolean wanted) {
    if (wanted) {
      add(name);
    }
    return this;
  }

  /// Adds `--name VALUE` if there is one.
  Args option(String name, Optional<?> value) {
    if (value.isPresent()) {
      add(name).add(value.get().toString());
    }
    return this;
  }

  Args option(String name, Object value) {
    add(name).add(value.toString());
    return this;
  }

  /// Adds `--name VALUE` for each.
  Args each(String name, Collection<?> values) {
    for (Object value : values) {
      option(name, value);
    }
    return this;
  }

  /// Adds what passes descriptors 3, 4, … on to the process, in whichever way the runtime has.
  Args descriptors(int count) {
    if (count > 0) {
      if (dialect.has(command, "pass-fd")) {
        for (int fd = 3; fd < 3 + count; fd++) {
          option("pass-fd", fd + ":" + fd);
        }
      } else {
        option("preserve-fds", count);
      }
    }
    return this;
  }

  /// Adds what the caller wrote himself, unchecked.
  Args extra(List<String> words) {
    args.addAll(words);
    return this;
  }

  List<String> list() {
    return List.copyOf(args);
  }

  /// The options, and behind them what the command is applied to.
  List<String> list(String subject) {
    args.add(subject);
    return list();
  }

  private List<String> add(String name) {
    if (!dialect.has(command, name)) {
      throw unsupported(dialect, command, "it has no option --" + name);
    }
    args.add("--" + name);
    return args;
  }

  /// Checks an option before the command.
  ///
  /// @return the option with its dashes
  /// @throws CommandException of kind `UNSUPPORTED` if the runtime does not have it
  static String global(Dialect dialect, String name) {
    if (!dialect.globals().contains(name)) {
      throw unsupported(dialect + " cannot be called like this: it has no option --" + name);
    }
    return "--" + name;
  }

  private static CommandException unsupported(Dialect dialect, String command, String why) {
    return unsupported(dialect + " cannot " + command + " like this: " + why);
  }

  /// Nothing was run, so there is no command line to show.
  private static CommandException unsupported(String what) {
    return new CommandException(
        ErrorKind.UNSUPPORTED,
        what + "; another runtime may be able to",
        List.of(),
        OptionalInt.empty(),
        "",
        List.of(),
        null);
  }
}
