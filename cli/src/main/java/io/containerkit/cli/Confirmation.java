package io.containerkit.cli;

import io.containerkit.linux.Fd;
import io.containerkit.linux.Terminal;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Asks on the terminal before something is removed that was not named, as docker does.
final class Confirmation {

  private static final int LONGEST = 1000;

  private Confirmation() {}

  static void describe(Flags flags) {
    flags.toggle("f", "force", "Asks nothing: needed where there is no terminal.");
  }

  /// Asks whether to go on. Only `y` and `yes` do.
  ///
  /// @param command who asks
  /// @param what would be removed
  /// @throws EngineException of kind `INVALID_ARGUMENT` if nobody can be asked
  static boolean isGiven(Session session, String command, String what) {
    Fd input = Fd.borrow(0);
    if (!Terminal.isTerminal(input)) {
      throw new EngineException(
          ErrorKind.INVALID_ARGUMENT, command, command + ": it would remove " + what + ", and without a terminal nobody can be asked; give --force", null);
    }
    session.printNow("WARNING! This will remove " + what + ".\nAre you sure you want to continue? [y/N] ");
    String answer = line(input).strip().toLowerCase(Locale.ROOT);
    boolean yes = answer.equals("y") || answer.equals("yes");
    if (!yes) {
      session.out().println("Nothing was removed.");
    }
    return yes;
  }

  /// What is typed up to the end of the line, or of the input.
  private static String line(Fd input) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] one = new byte[1];
    while (line.size() < LONGEST && input.read(one, 0, 1) > 0 && one[0] != '\n') {
      line.write(one[0]);
    }
    return line.toString(StandardCharsets.UTF_8);
  }
}
