package io.containerkit.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.DefaultParser.NonOptionAction;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;
import org.jspecify.annotations.Nullable;

/// A command line taken apart: flags by their names, and operands.
final class Arguments {

  private final Grammar grammar;
  private final CommandLine line;
  private final List<String> operands;

  private Arguments(Grammar grammar, CommandLine line) {
    this.grammar = grammar;
    this.line = line;
    this.operands = List.copyOf(line.getArgList());
  }

  /// @throws UsageException if a flag is unknown, lacks its value or has one too many
  static Arguments parse(Grammar grammar, String... words) {
    DefaultParser parser =
        DefaultParser.builder().setAllowPartialMatching(false).setStripLeadingAndTrailingQuotes(false).get();
    NonOptionAction atOperand = grammar.endsAtOperand() ? NonOptionAction.STOP : NonOptionAction.THROW;
    try {
      CommandLine line = parser.parse(grammar.flags().options(), null, atOperand, words);
      if (grammar.endsAtOperand()) {
        checkEnd(grammar, words, line.getArgList().size());
      }
      return new Arguments(grammar, line);
    } catch (UnrecognizedOptionException e) {
      throw unknown(grammar, e.getOption());
    } catch (MissingArgumentException e) {
      String name = "--" + e.getOption().getLongOpt();
      throw new UsageException(
          start(grammar) + name + " needs a value; one that starts with a dash is written " + name + "=VALUE", e);
    } catch (ParseException e) {
      throw new UsageException(start(grammar) + e.getMessage(), e);
    }
  }

  /// Finds an unknown flag that the parser took for the first operand: it stops at both, and only at the latter rightly.
  private static void checkEnd(Grammar grammar, String[] words, int operands) {
    int first = words.length - operands;
    boolean ended = first > 0 && words[first - 1].equals("--");
    if (operands > 0 && !ended && words[first].length() > 1 && words[first].charAt(0) == '-') {
      throw unknown(grammar, words[first]);
    }
  }

  /// How a message about this command starts. What stands before the command is ckit's own, which every message names.
  private static String start(Grammar grammar) {
    return grammar.name().equals("ckit") ? "" : grammar.name() + ": ";
  }

  private static UsageException unknown(Grammar grammar, String word) {
    int equals = word.indexOf('=');
    String flag = equals < 0 ? word : word.substring(0, equals);
    String start = start(grammar);
    if (!flag.startsWith("--")) {
      flag = unknownLetter(grammar, flag);
    } else if (equals > 0 && grammar.flags().find(flag.substring(2)) != null) {
      return new UsageException(start + flag + " takes no value, but was given \"" + word.substring(equals + 1) + "\"");
    } else if (GlobalFlags.knows(flag.substring(2))) {
      return new UsageException(start + flag + " belongs before the command: ckit " + flag + " … " + grammar.name());
    }
    String better = Suggestion.flag(flag, grammar.flags().list());
    String advice = better.isEmpty() ? "" : "; did you mean " + better + "?";
    String help = grammar.name().equals("ckit") ? "ckit --help" : "ckit " + grammar.name() + " --help";
    return new UsageException(start + "unknown flag " + flag + advice + " (" + help + " lists all)");
  }

  /// The letter of a cluster such as `-tz` that no flag has, or the whole word.
  private static String unknownLetter(Grammar grammar, String cluster) {
    for (int i = 1; i < cluster.length(); i++) {
      Flags.Flag flag = grammar.flags().find(cluster.substring(i, i + 1));
      if (flag == null) {
        return i == 1 ? cluster : "-" + cluster.charAt(i);
      }
    }
    return cluster;
  }

  void checkOperandCount() {
    int count = operands.size();
    if (count < grammar.fewest()) {
      throw new UsageException(grammar.name() + ": " + (count == 0 ? "an operand is" : "operands are") + " missing; " + usage());
    }
    if (count > grammar.most()) {
      throw new UsageException(
          grammar.name() + ": \"" + operands.get(grammar.most()) + "\" is one operand too many; " + usage());
    }
  }

  private String usage() {
    return "usage: " + grammar.usage();
  }

  /// A mistake in how the command was called, to be thrown.
  UsageException mistake(String what) {
    return mistake(what, null);
  }

  /// A mistake in how the command was called, found by a parser that said more.
  UsageException mistake(String what, @Nullable Throwable cause) {
    return new UsageException(start(grammar) + what, cause);
  }

  boolean has(String flag) {
    return line.hasOption(flag);
  }

  /// The names of the flags that were given, in their order.
  List<String> given() {
    List<String> names = new ArrayList<>();
    for (Option option : line.getOptions()) {
      names.add(option.getLongOpt());
    }
    return names;
  }

  /// The value of a flag; of several, the last.
  Optional<String> text(String flag) {
    String[] values = line.getOptionValues(flag);
    return values == null ? Optional.empty() : Optional.of(values[values.length - 1]);
  }

  /// The values of a flag that may be repeated, in their order.
  List<String> texts(String flag) {
    String[] values = line.getOptionValues(flag);
    return values == null ? List.of() : List.of(values);
  }

  List<String> operands() {
    return operands;
  }

  String operand(int index) {
    return operands.get(index);
  }

  Optional<String> optionalOperand(int index) {
    return index < operands.size() ? Optional.of(operands.get(index)) : Optional.empty();
  }
}
