package io.containerkit.cli;

import java.util.function.Function;

/// How one command is written: the only place that its parser, its help and its error messages read.
///
/// @param name the command, such as `run`
/// @param operands what follows the flags, as usage shows it
/// @param summary one line for the list of commands
/// @param about what help says below the usage line: rules and examples
/// @param flags the command's flags, `--help` included
/// @param endsAtOperand whether the first operand ends ckit's flags, because a foreign command line starts there
/// @param fewest the least number of operands
/// @param most the greatest number of operands
/// @param reader makes the command of what was parsed
record Grammar(
    String name,
    String operands,
    String summary,
    String about,
    Flags flags,
    boolean endsAtOperand,
    int fewest,
    int most,
    Function<Arguments, Command> reader) {

  static final int ANY = Integer.MAX_VALUE;

  Grammar {
    flags.section("Help").toggle(flags.find("h") == null ? "h" : "", "help", "Prints this text.");
  }

  /// A command that takes between `fewest` and `most` operands, with flags before, between and after them.
  static Grammar of(
      String name,
      String operands,
      String summary,
      String about,
      Flags flags,
      int fewest,
      int most,
      Function<Arguments, Command> reader) {
    return new Grammar(name, operands, summary, about, flags, false, fewest, most, reader);
  }

  /// A command whose operands end in a command line of the container's, whose flags are not ckit's.
  static Grammar ofForeign(
      String name,
      String operands,
      String summary,
      String about,
      Flags flags,
      int fewest,
      Function<Arguments, Command> reader) {
    return new Grammar(name, operands, summary, about, flags, true, fewest, ANY, reader);
  }

  /// How the command is called.
  String usage() {
    return "ckit " + name + " [flags]" + (operands.isEmpty() ? "" : " " + operands);
  }

  /// Reads a command line.
  ///
  /// @throws UsageException if it is not one of this command
  Command read(String... words) {
    Arguments arguments = Arguments.parse(this, words);
    if (arguments.has("help")) {
      return new HelpCommand(HelpText.of(this));
    }
    arguments.checkOperandCount();
    return reader.apply(arguments);
  }
}
