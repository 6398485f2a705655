package io.containerkit.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A table in Markdown that reads well in a terminal, too: the first column is text, all others are numbers.
final class Table {

  private final List<String> head;
  private final List<List<String>> rows = new ArrayList<>();

  Table(List<String> head) {
    this.head = List.copyOf(head);
  }

  void add(List<String> cells) {
    if (cells.size() != head.size()) {
      throw new IllegalArgumentException("%d cells under %d columns: %s".formatted(cells.size(), head.size(), cells));
    }
    rows.add(List.copyOf(cells));
  }

  String draw() {
    int[] widths = IntStream.range(0, head.size()).map(this::width).toArray();
    StringBuilder out = new StringBuilder(line(head, widths));
    out.append(IntStream.range(0, widths.length)
        .mapToObj(i -> i == 0 ? "-".repeat(widths[i] + 2) : "-".repeat(widths[i] + 1) + ":")
        .collect(Collectors.joining("|", "|", "|\n")));
    rows.forEach(row -> out.append(line(row, widths)));
    return out.toString();
  }

  private int width(int column) {
    return Math.max(
        head.get(column).length(),
        rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
  }

  private static String line(List<String> cells, int[] widths) {
    return IntStream.range(0, widths.length)
        .mapToObj(i -> ("%" + (i == 0 ? "-" : "") + widths[i] + "s").formatted(cells.get(i)))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}
