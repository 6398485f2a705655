package io.containerkit.image;

import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;

/// What a token is to allow: `repository:NAME:ACTION,…` each (the token specification of the Distribution project).
///
/// @param grants the parts, sorted, so that the same wish is the same token
record Scope(SortedSet<String> grants) {

  static final Scope NONE = new Scope(new TreeSet<>());

  static Scope pull(String repository) {
    return of("repository:" + repository + ":pull");
  }

  static Scope push(String repository) {
    return of("repository:" + repository + ":pull,push");
  }

  static Scope delete(String repository) {
    return of("repository:" + repository + ":delete,pull");
  }

  private static Scope of(String grant) {
    var grants = new TreeSet<String>();
    grants.add(grant);
    return new Scope(grants);
  }

  /// This scope and another.
  Scope and(Scope other) {
    var grants = new TreeSet<>(this.grants);
    grants.addAll(other.grants);
    return new Scope(grants);
  }

  /// This scope, and what a challenge asks for beside it: its parts for other things than ours.
  Scope orChallenged(String challenged) {
    var grants = new TreeSet<>(this.grants);
    if (grants.isEmpty()) {
      Arrays.stream(challenged.split(" ", -1)).filter(part -> !part.isBlank()).forEach(grants::add);
    }
    return new Scope(grants);
  }
}
