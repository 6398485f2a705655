package io.containerkit.runtime;

import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import java.util.List;
import java.util.OptionalInt;

/// The ids that every runtime takes: 1 to 120 of `A-Z a-z 0-9 _ . + -`, the first a letter, a digit or an underscore.
///
/// An id becomes a part of paths and of command lines, so it is checked before either is built.
public final class ContainerId {

  /// runsc names a file with the id in it twice, and a file name has at most 255 bytes.
  private static final int LONGEST = 120;

  private ContainerId() {}

  /// Checks an id.
  ///
  /// @return the id
  /// @throws CommandException of kind `INVALID_ID` if it is not one
  public static String check(String id) {
    if (!isValid(id)) {
      String shown = (id.length() > 40 ? id.substring(0, 40) + "…" : id).replaceAll("\\p{Cntrl}", "?");
      throw new CommandException(
          ErrorKind.INVALID_ID,
          "\"" + shown + "\" is not a container id: use 1 to " + LONGEST
              + " of A-Z a-z 0-9 _ . + -, starting with a letter, a digit or _",
          List.of(),
          OptionalInt.empty(),
          "",
          List.of(),
          null);
    }
    return id;
  }

  /// Whether a text is an id.
  public static boolean isValid(String id) {
    if (id.isEmpty() || id.length() > LONGEST) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      if (!isWord(id.charAt(i)) && (i == 0 || "+-.".indexOf(id.charAt(i)) < 0)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
}
