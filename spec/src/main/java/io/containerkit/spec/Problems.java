package io.containerkit.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Collects what is wrong below one place of a document.
final class Problems {

  private final @Nullable Problems parent;
  private final String step;
  private final List<Problem> found;

  /// The problems of a whole document.
  Problems() {
    this(null, "", new ArrayList<>());
  }

  private Problems(@Nullable Problems parent, String step, List<Problem> found) {
    this.parent = parent;
    this.step = step;
    this.found = found;
  }

  /// The problems at a member, collected with those here.
  Problems at(String member) {
    return new Problems(this, member, found);
  }

  /// The problems at an element, collected with those here.
  Problems at(int index) {
    return new Problems(this, Integer.toString(index), found);
  }

  private String pointer() {
    return parent == null ? "" : parent.pointer() + "/" + Problem.escape(step);
  }

  void add(String reason) {
    found.add(new Problem(pointer(), reason));
  }

  void add(String member, String reason) {
    at(member).add(reason);
  }

  void requireAbsolute(String member, String path) {
    if (!path.startsWith("/")) {
      add(member, path.isEmpty() ? "is missing" : "\"" + path + "\" is not an absolute path");
    }
  }

  void requireAbsolute(String member, List<String> paths) {
    Problems in = at(member);
    for (int i = 0; i < paths.size(); i++) {
      if (!paths.get(i).startsWith("/")) {
        in.at(i).add("\"" + paths.get(i) + "\" is not an absolute path");
      }
    }
  }

  void requireKnown(String member, String value, Set<String> known) {
    if (!known.contains(value)) {
      add(member, "\"" + value + "\" is not one of " + String.join(", ", known.stream().sorted().toList()));
    }
  }

  void requireKnown(String member, List<String> values, Set<String> known) {
    Problems in = at(member);
    for (int i = 0; i < values.size(); i++) {
      in.requireKnown(Integer.toString(i), values.get(i), known);
    }
  }

  /// Checks entries of an environment.
  void requireAssignments(String member, List<String> env) {
    Problems in = at(member);
    for (int i = 0; i < env.size(); i++) {
      if (env.get(i).indexOf('=') < 1) {
        in.at(i).add("\"" + env.get(i) + "\" is not NAME=value");
      }
    }
  }

  /// Checks a list of numbers and ranges, such as `0-3,7`; an empty one is right.
  void requireRanges(String member, String list) {
    if (!list.isEmpty() && !isRanges(list)) {
      add(member, "\"" + list + "\" is not a list such as 0-3,7");
    }
  }

  private static boolean isRanges(String list) {
    boolean digitBefore = false;
    boolean inRange = false;
    for (int i = 0; i < list.length(); i++) {
      char c = list.charAt(i);
      if (c >= '0' && c <= '9') {
        digitBefore = true;
      } else if (digitBefore && (c == ',' || (c == '-' && !inRange))) {
        digitBefore = false;
        inRange = c == '-';
      } else {
        return false;
      }
    }
    return digitBefore;
  }

  List<Problem> found() {
    return List.copyOf(found);
  }

  static void requireNone(List<Problem> problems) {
    if (problems.isEmpty()) {
      return;
    }
    Problem first = problems.getFirst();
    StringBuilder reason = new StringBuilder(first.reason());
    for (Problem further : problems.subList(1, problems.size())) {
      reason.append("; ").append(further);
    }
    throw new SpecException(first.pointer(), reason.toString());
  }
}
