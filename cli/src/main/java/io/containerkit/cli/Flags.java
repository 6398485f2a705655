package io.containerkit.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.jspecify.annotations.Nullable;

/// The flags of one command: what the parser accepts and, in the same order and sections, what help lists.
final class Flags {

  /// One flag. `letter` and `placeholder` are empty where the flag has none; `section` is the heading it is listed under.
  record Flag(String section, String letter, String name, String placeholder, String description) {

    boolean takesValue() {
      return !placeholder.isEmpty();
    }
  }

  private final List<Flag> flags = new ArrayList<>();
  private final Options options = new Options();
  private String section = "Flags";

  /// Lists the flags that follow under this heading.
  Flags section(String heading) {
    section = heading;
    return this;
  }

  /// A flag that is there or not: `--tty`.
  Flags toggle(String letter, String name, String description) {
    return add(letter, name, "", description);
  }

  /// A flag without a letter that is there or not.
  Flags toggle(String name, String description) {
    return add("", name, "", description);
  }

  /// A flag with a value: `--name web` or `--name=web`.
  Flags value(String letter, String name, String placeholder, String description) {
    return add(letter, name, placeholder, description);
  }

  /// A flag with a value and without a letter.
  Flags value(String name, String placeholder, String description) {
    return add("", name, placeholder, description);
  }

  private Flags add(String letter, String name, String placeholder, String description) {
    flags.add(new Flag(section, letter, name, placeholder, description));
    // The parser is asked for a repeated flag's values one by one, so that every flag with a value may be repeated.
    options.addOption(
        Option.builder(letter.isEmpty() ? null : letter).longOpt(name).hasArg(!placeholder.isEmpty()).get());
    return this;
  }

  /// The flags in the order in which they were added.
  List<Flag> list() {
    return Collections.unmodifiableList(flags);
  }

  /// The flag of this name, without its dashes.
  @Nullable Flag find(String name) {
    for (Flag flag : flags) {
      if (flag.name().equals(name) || flag.letter().equals(name)) {
        return flag;
      }
    }
    return null;
  }

  Options options() {
    return options;
  }
}
