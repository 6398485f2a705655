package io.containerkit.cli;

import java.util.List;

/// A whole command line, understood.
///
/// @param flags what stands before the command
/// @param command the command
record Invocation(GlobalFlags flags, Command command) {

  /// Finds the command and reads its line.
  ///
  /// @throws UsageException if there is none, or it cannot be read
  static Invocation read(String... words) {
    Arguments global = Arguments.parse(GlobalFlags.grammar(), words);
    return new Invocation(GlobalFlags.of(global), command(global));
  }

  private static Command command(Arguments global) {
    if (global.has("help")) {
      return new HelpCommand(HelpText.overview());
    }
    if (global.has("version")) {
      return new VersionCommand(Format.TABLE);
    }
    List<String> operands = global.operands();
    if (operands.isEmpty()) {
      throw new UsageException("which command? ckit help lists all");
    }
    String[] rest = operands.subList(1, operands.size()).toArray(String[]::new);
    return Commands.named(operands.getFirst()).read(rest);
  }
}
