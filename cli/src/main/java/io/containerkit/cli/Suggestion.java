package io.containerkit.cli;

import java.util.List;

/// Finds what somebody who mistyped a word most likely meant.
final class Suggestion {

  private Suggestion() {}

  /// The nearest of these words, or an empty text where none is near.
  static String word(String typed, List<String> known) {
    String best = "";
    // Up to two slips, but never as many as half of the word: "rm" is not "ps".
    int allowed = Math.min(2, (typed.length() - 1) / 2);
    for (String candidate : known) {
      int distance = distance(typed, candidate);
      if (distance <= allowed) {
        best = candidate;
        allowed = distance - 1;
      } else if (best.isEmpty() && typed.length() > 2 && candidate.startsWith(typed)) {
        best = candidate;
      }
    }
    return best;
  }

  /// The nearest flag, with its dashes.
  static String flag(String typed, List<Flags.Flag> known) {
    int dashes = typed.startsWith("--") ? 2 : 1;
    String best = word(typed.substring(dashes), known.stream().map(Flags.Flag::name).toList());
    return best.isEmpty() ? "" : "--" + best;
  }

  /// The number of letters to insert, drop, replace or swap with their neighbour to get from one word to the other.
  static int distance(String from, String to) {
    int[] beforeLast = new int[to.length() + 1];
    int[] last = new int[to.length() + 1];
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = last[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(last[j], row[j - 1]));
        boolean swapped =
            i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        if (swapped) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] oldest = beforeLast;
      beforeLast = last;
      last = row;
      row = oldest;
    }
    return last[to.length()];
  }
}
