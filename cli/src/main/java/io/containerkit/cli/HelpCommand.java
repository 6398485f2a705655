package io.containerkit.cli;

/// Prints a text that was made beforehand.
record HelpCommand(String text) implements Command {

  static Grammar grammar() {
    return Grammar.of("help", "[COMMAND]", "Explains a command", "", new Flags(), 0, 1, HelpCommand::of);
  }

  static HelpCommand of(Arguments arguments) {
    return new HelpCommand(
        arguments.operands().isEmpty() ? HelpText.overview() : HelpText.of(Commands.named(arguments.operand(0))));
  }

  @Override
  public int run(Session session) {
    session.out().print(text);
    return 0;
  }
}
