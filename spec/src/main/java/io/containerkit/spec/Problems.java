package io.containerkit.spec;

import java.util.ArrayList;
import java.util.List;

/// Collects what is wrong below one place of a document. Places are written as paths relative to it.
final class Problems {

  private final String prefix;
  private final List<Problem> found;

  Problems(String prefix) {
    this(prefix, new ArrayList<>());
  }

  private Problems(String prefix, List<Problem> found) {
    this.prefix = prefix;
    this.found = found;
  }

  /// The problems at a member, collected with those here.
  Problems at(String member) {
    return new Problems(prefix + "/" + Problem.escape(member), found);
  }

  /// The problems at an element, collected with those here.
  Problems at(int index) {
    return new Problems(prefix + "/" + index, found);
  }

  void add(String reason) {
    found.add(new Problem(prefix, reason));
  }

  void add(String member, String reason) {
    at(member).add(reason);
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
