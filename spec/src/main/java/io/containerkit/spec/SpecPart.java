package io.containerkit.spec;

/// A part of a document: a record that knows its members and keeps those it does not know.
///
/// All parts follow one rule, by which reading and writing lose nothing. A component is written when it says something: text,
/// lists and maps that are not empty, flags that are true, optional numbers, optional parts. What a document says beyond that
/// (unknown members, `null`, an explicit `false`, `""` or `[]`) is kept in [#extra()] and written back after the components.
/// A component always wins over a member of `extra` with the same name.
///
/// So two parts are equal exactly when they write the same document.
public interface SpecPart {

  /// The members that the components do not say.
  JsonObject extra();

  /// The part as a document: the components, then [#extra()].
  JsonObject toJson();
}
