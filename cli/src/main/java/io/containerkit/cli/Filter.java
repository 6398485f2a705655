package io.containerkit.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// One `--filter KIND=VALUE`.
///
/// @param value empty where there is none
record Filter(String kind, String value) {

  /// Reads all that were given.
  ///
  /// @param expected what there is, for the message that refuses another
  static List<Filter> of(Arguments arguments, Predicate<Filter> isKnown, String expected) {
    List<Filter> filters = new ArrayList<>();
    for (String text : arguments.texts("filter")) {
      int equals = text.indexOf('=');
      Filter filter = equals < 0 ? new Filter(text, "") : new Filter(text.substring(0, equals), text.substring(equals + 1));
      if (!isKnown.test(filter)) {
        throw Values.wrong(arguments, "filter", text, expected, null);
      }
      filters.add(filter);
    }
    return List.copyOf(filters);
  }

  /// Whether the value is `true` or `false`.
  boolean isTrueOrFalse() {
    return value.equals("true") || value.equals("false");
  }

  /// Whether there is the label that the value asks for, as `NAME` or `NAME=VALUE`.
  boolean isAmong(Map<String, String> labels) {
    int equals = value.indexOf('=');
    return equals < 0 ? labels.containsKey(value) : value.substring(equals + 1).equals(labels.get(value.substring(0, equals)));
  }
}
