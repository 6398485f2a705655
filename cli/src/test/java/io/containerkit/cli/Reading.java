package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/// Reads command lines as ckit does, up to the point where it would act.
final class Reading {

  private Reading() {}

  /// The command that a line is read as.
  static <C extends Command> C read(Class<C> type, String line) {
    return type.cast(read(words(line)));
  }

  static Command read(String... words) {
    return Invocation.read(words).command();
  }

  /// Asserts that a line is refused with this message.
  static void assertRefused(String line, String message) {
    assertRefused(words(line), message);
  }

  static void assertRefused(String[] words, String message) {
    UsageException refusal = catchThrowableOfType(UsageException.class, () -> read(words));
    assertThat(refusal).as("the refusal of %s", String.join(" ", words)).isNotNull();
    assertThat(refusal).hasMessage(message);
  }

  private static String[] words(String line) {
    return line.isEmpty() ? new String[0] : line.split(" +");
  }
}
