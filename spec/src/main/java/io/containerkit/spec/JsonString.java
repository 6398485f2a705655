package io.containerkit.spec;

/// A JSON string.
///
/// @param value its characters; surrogates come in pairs only, since a lone one has no UTF-8
public record JsonString(String value) implements JsonValue {

  /// Refuses lone surrogates.
  public JsonString {
    requireWellFormed(value);
  }

  static void requireWellFormed(String text) {
    if (!isWellFormed(text)) {
      throw new SpecException("", "a string holds half of a surrogate pair");
    }
  }

  /// Whether every surrogate of the text has its other half beside it.
  static boolean isWellFormed(String text) {
    boolean expectLow = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isLowSurrogate(c) != expectLow) {
        return false;
      }
      expectLow = Character.isHighSurrogate(c);
    }
    return !expectLow;
  }

  @Override
  public String described() {
    return "a string";
  }

  @Override
  public String toString() {
    return Json.write(this);
  }
}
