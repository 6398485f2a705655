package io.containerkit.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// What an interleaved run measured; the first row is the one that the others are compared with.
record Comparison(String title, List<String> phases, List<Row> rows) {

  /// The iterations of one contender; iteration n of each row ran in the same round.
  record Row(String name, List<Iteration> iterations) {

    Row {
      iterations = List.copyOf(iterations);
    }

    Samples totals() {
      return Samples.of(iterations.stream().map(Iteration::total).toList());
    }

    Samples phase(int index) {
      return Samples.of(iterations.stream().map(iteration -> iteration.phases().get(index)).toList());
    }
  }

  Comparison {
    phases = List.copyOf(phases);
    rows = List.copyOf(rows);
  }

  Row row(String name) {
    return rows.stream()
        .filter(row -> row.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new BenchException("%s: no contender %s".formatted(title, name)));
  }

  /// Returns how many times the median of the first row this row's median is.
  double ratioOfMedians(Row row) {
    return row.totals().median() / rows.getFirst().totals().median();
  }

  /// Returns the median of the ratios within each round: what drifts from round to round cancels out.
  double medianOfRatios(Row row) {
    List<Iteration> base = rows.getFirst().iterations();
    return Samples.of(IntStream.range(0, base.size())
            .mapToObj(i -> (double) row.iterations().get(i).total() / base.get(i).total())
            .toList())
        .median();
  }

  /// Draws the table: medians of each phase, then of the whole, in milliseconds, and the ratios to the first row.
  String draw() {
    List<String> head = new ArrayList<>(List.of(title + ", ms"));
    if (phases.size() > 1) {
      head.addAll(phases);
    }
    head.addAll(List.of("median", "min", "p99", "ratio", "paired ratio"));
    Table table = new Table(head);
    for (Row row : rows) {
      List<String> cells = new ArrayList<>(List.of(row.name()));
      if (phases.size() > 1) {
        IntStream.range(0, phases.size()).forEach(i -> cells.add(millis(row.phase(i).median())));
      }
      Samples totals = row.totals();
      cells.addAll(List.of(
          millis(totals.median()),
          millis(totals.min()),
          millis(totals.percentile(99)),
          ratio(ratioOfMedians(row)),
          ratio(medianOfRatios(row))));
      table.add(cells);
    }
    return table.draw();
  }

  static String millis(double nanos) {
    return String.format(Locale.ROOT, "%.2f", nanos / 1e6);
  }

  static String ratio(double ratio) {
    return String.format(Locale.ROOT, "%.3f", ratio);
  }
}
