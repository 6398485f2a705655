package io.containerkit.cli;

import java.util.ArrayList;
import java.util.List;

/// Rows of text in columns that are as wide as they must be.
final class Table {

  private static final int GAP = 2;

  private final List<List<String>> rows = new ArrayList<>();

  Table(String... headings) {
    rows.add(List.of(headings));
  }

  /// Adds a row.
  ///
  /// @throws IllegalArgumentException if it has more or fewer columns than there are headings
  Table row(String... cells) {
    if (cells.length != rows.getFirst().size()) {
      throw new IllegalArgumentException("a row of " + cells.length + " cells under " + rows.getFirst().size() + " headings");
    }
    rows.add(List.of(cells));
    return this;
  }

  /// The rows, one a line. What a container chose itself, such as a command line, cannot move the cursor: control characters become
  /// question marks.
  @Override
  public String toString() {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        text.append(printable(row.get(i)));
        if (i < columns - 1) {
          text.repeat(' ', widths[i] - row.get(i).length() + GAP);
        }
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String printable(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      safe.append(Character.isISOControl(text.charAt(i)) ? '?' : text.charAt(i));
    }
    return safe.toString();
  }
}
