package io.containerkit.cli;

import java.util.List;

/// What `--help` prints, made of a [Grammar].
final class HelpText {

  private static final int COLUMN = 34;
  private static final int WIDTH = 100;

  private HelpText() {}

  /// The help of one command.
  static String of(Grammar grammar) {
    StringBuilder text = new StringBuilder();
    text.append(grammar.summary()).append(".\n\nUsage: ").append(grammar.usage()).append('\n');
    if (!grammar.about().isEmpty()) {
      text.append('\n').append(grammar.about().strip()).append('\n');
    }
    flags(text, grammar.flags().list());
    return text.toString();
  }

  /// The help of ckit as a whole.
  static String overview() {
    StringBuilder text = new StringBuilder("Runs OCI containers, without a daemon.\n\nUsage: ckit [flags] COMMAND …\n");
    for (Commands.Section section : Commands.SECTIONS) {
      text.append('\n').append(section.heading()).append(":\n");
      for (String name : section.names()) {
        row(text, "  " + name, Commands.named(name).summary(), 16);
      }
    }
    flags(text, GlobalFlags.grammar().flags().list());
    return text.append(
            """

            Exit codes: those of the container's command; 128 + n if signal n ended it; 125 if ckit failed,
            126 if the command may not be run, 127 if it does not exist.

            ckit COMMAND --help explains a command.
            """)
        .toString();
  }

  private static void flags(StringBuilder text, List<Flags.Flag> flags) {
    String section = "";
    for (Flags.Flag flag : flags) {
      if (!flag.section().equals(section)) {
        section = flag.section();
        text.append('\n').append(section).append(":\n");
      }
      String left = (flag.letter().isEmpty() ? "      --" : "  -" + flag.letter() + ", --") + flag.name();
      row(text, flag.takesValue() ? left + " " + flag.placeholder() : left, flag.description(), COLUMN);
    }
  }

  /// Writes a row of two columns; the right one wraps, and starts on a line of its own where the left one is too wide.
  private static void row(StringBuilder text, String left, String right, int column) {
    int start = text.length();
    text.append(left);
    if (left.length() + 2 > column) {
      text.append('\n');
      start = text.length();
    }
    boolean first = true;
    for (String word : right.split(" ", -1)) {
      int length = text.length() - start;
      if (first) {
        text.repeat(' ', column - length);
      } else if (length + 1 + word.length() > WIDTH) {
        text.append('\n');
        start = text.length();
        text.repeat(' ', column);
      } else {
        text.append(' ');
      }
      text.append(word);
      first = false;
    }
    text.append('\n');
  }
}
