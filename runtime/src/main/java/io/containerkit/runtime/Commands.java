package io.containerkit.runtime;

import io.containerkit.linux.Child;
import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.Fd;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.SpecException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Runs the commands that start no process of a container: with nothing on standard input, and within a deadline.
final class Commands {

  /// More than a list of ten thousand containers.
  private static final int LONGEST_OUTPUT = 16 << 20;

  /// How much of what cannot be read a failure shows.
  private static final int SHOWN = 200;

  private final Settings settings;
  private final Dialect dialect;

  Commands(Settings settings, Dialect dialect) {
    this.settings = settings;
    this.dialect = dialect;
  }

  /// Runs a command that prints nothing of interest.
  ///
  /// @throws CommandException if it fails
  void run(String name, String subject, List<String> args) {
    run(name, subject, args, settings.deadline());
  }

  /// Runs a command within a deadline of its own.
  ///
  /// @throws CommandException if it fails
  void run(String name, String subject, List<String> args, Duration deadline) {
    run(name, subject, _ -> args, List.of(), deadline);
  }

  /// Runs a command that needs files of its own.
  ///
  /// @param args writes the files and gives the words behind the command's name
  /// @param descriptors become 3, 4, … in the command
  /// @throws CommandException if it fails
  void run(String name, String subject, Function<Command, List<String>> args, List<Fd> descriptors, Duration deadline) {
    try (Command command = new Command(settings, dialect, name, subject);
        Capture words = Capture.tail(settings.loop())) {
      Child child =
          command.start(
              args.apply(command),
              spawn -> {
                spawn.descriptor(1, words.writeEnd()).descriptor(2, words.writeEnd());
                for (int i = 0; i < descriptors.size(); i++) {
                  spawn.descriptor(3 + i, descriptors.get(i));
                }
              });
      ExitStatus status = await(command, child, deadline, words, List.of(words));
      if (!status.isSuccess()) {
        throw command.failure(status, words.text());
      }
    }
  }

  /// Reads what a command printed.
  interface Parser<T> {
    /// Reads it.
    ///
    /// @throws SpecException or a [NumberFormatException] if it is not what the command is to print
    T parse(byte[] document);
  }

  /// Runs a command for what it prints.
  ///
  /// @throws CommandException if it fails, or of kind `INTERNAL` if it prints what cannot be read
  <T> T read(String name, String subject, List<String> args, Parser<T> parser) {
    try (Command command = new Command(settings, dialect, name, subject)) {
      byte[] document = read(settings, command, args);
      try {
        return parser.parse(document);
      } catch (SpecException | NumberFormatException e) {
        String text = new String(document, 0, Math.min(document.length, SHOWN), StandardCharsets.UTF_8);
        throw command.failure(ErrorKind.INTERNAL, "it printed what cannot be read: " + e.getMessage(), text, e);
      }
    }
  }

  /// Asks a binary for its version, before its dialect is known.
  static byte[] version(Settings settings) {
    try (Command command = Command.bare(settings, "--version")) {
      return read(settings, command, List.of());
    }
  }

  private static byte[] read(Settings settings, Command command, List<String> args) {
    try (Capture output = Capture.head(settings.loop(), LONGEST_OUTPUT);
        Capture words = Capture.tail(settings.loop())) {
      Child child = command.start(args, spawn -> spawn.descriptor(1, output.writeEnd()).descriptor(2, words.writeEnd()));
      ExitStatus status = await(command, child, settings.deadline(), words, List.of(output, words));
      if (!status.isSuccess()) {
        throw command.failure(status, words.text());
      }
      if (output.overflowed()) {
        throw command.failure(ErrorKind.IO, "it printed more than " + LONGEST_OUTPUT + " bytes", words.text(), null);
      }
      return output.bytes();
    }
  }

  /// Waits for a command that may be killed when it takes too long.
  static ExitStatus await(Command command, Child child, Duration deadline, Capture words, List<Capture> captures) {
    captures.forEach(Capture::begin);
    try {
      Optional<ExitStatus> status = child.waitFor(deadline);
      if (status.isPresent()) {
        captures.forEach(Capture::drain);
        return status.get();
      }
    } catch (InterruptedException e) {
      command.end();
      Thread.currentThread().interrupt();
      throw command.failure(ErrorKind.CANCELLED, "the caller was interrupted", words.text(), e);
    }
    command.end();
    throw command.failure(ErrorKind.TIMED_OUT, "it did not end within " + Deadline.text(deadline), words.text(), null);
  }
}
