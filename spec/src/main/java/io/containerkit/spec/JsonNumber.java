package io.containerkit.spec;

/// A JSON number, kept as its text: neither range nor precision is lost.
///
/// @param text the number as JSON writes it
public record JsonNumber(String text) implements JsonValue {

  private static final int MAX_SHOWN = 40;

  /// Refuses what JSON does not write as a number.
  public JsonNumber {
    if (!isNumber(text)) {
      throw new SpecException("", "\"" + shortened(text) + "\" is not a number");
    }
  }

  /// A signed integer.
  public static JsonNumber of(long value) {
    return new JsonNumber(Long.toString(value));
  }

  /// An unsigned 64-bit integer: `-1L` is 18446744073709551615.
  public static JsonNumber ofUnsigned(long value) {
    return new JsonNumber(Long.toUnsignedString(value));
  }

  /// Whether the text is an integer without fraction and exponent, in the one way of writing it (`-0` is not).
  boolean isInteger() {
    int start = text.charAt(0) == '-' ? 1 : 0;
    return digits(text, start) == text.length() && !text.equals("-0");
  }

  // number = [ "-" ] ( "0" / digit1-9 *DIGIT ) [ "." 1*DIGIT ] [ ( "e" / "E" ) [ "-" / "+" ] 1*DIGIT ]   (RFC 8259, section 6)
  static boolean isNumber(String text) {
    int at = text.startsWith("-") ? 1 : 0;
    int end = digits(text, at);
    if (end == at || (text.charAt(at) == '0' && end > at + 1)) {
      return false;
    }
    at = end;
    if (at < text.length() && text.charAt(at) == '.') {
      end = digits(text, at + 1);
      if (end == at + 1) {
        return false;
      }
      at = end;
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      int exponent = at + 1;
      if (exponent < text.length() && (text.charAt(exponent) == '-' || text.charAt(exponent) == '+')) {
        exponent++;
      }
      end = digits(text, exponent);
      if (end == exponent) {
        return false;
      }
      at = end;
    }
    return at == text.length();
  }

  /// The text as a message shows it: nobody wants to see all digits of a hostile number.
  static String shortened(String text) {
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
  }

  /// The index after the digits that start at `from`.
  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }

  @Override
  public String described() {
    return "the number " + shortened(text);
  }

  @Override
  public String toString() {
    return text;
  }
}
