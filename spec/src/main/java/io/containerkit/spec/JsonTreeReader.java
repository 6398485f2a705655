package io.containerkit.spec;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the documents of one text (RFC 8259), by recursive descent within the limits.
///
/// Why not a library: the one that starts fastest takes 9 ms for its first `config.json` in a cold JVM with an AOT cache, this
/// reader 1.3 ms. 8 of the 9 are the static initialiser of `BigDecimal`, which computes the powers of five up to 5^65536 in
/// JDK 25, for numbers that nobody computes with here. That library judges this reader in the tests instead.
final class JsonTreeReader {

  private static final int END = -1;

  private final String text;
  private final JsonLimits limits;
  private final String source;
  private int at;

  private JsonTreeReader(byte[] document, JsonLimits limits, String source) {
    this.limits = limits;
    this.source = source;
    this.text = decode(document);
  }

  /// Reads a text of one document.
  static JsonValue one(byte[] document, JsonLimits limits, String source) {
    JsonTreeReader reader = new JsonTreeReader(document, limits, source);
    if (reader.skipSpace() == END) {
      throw new SpecException(source, "", "the document is empty", null);
    }
    JsonValue value = reader.value(null);
    if (reader.skipSpace() != END) {
      throw reader.syntax(null, "something follows the document's end");
    }
    return value;
  }

  /// Reads a text of any number of documents.
  static List<JsonValue> sequence(byte[] documents, JsonLimits limits) {
    JsonTreeReader reader = new JsonTreeReader(documents, limits, "");
    List<JsonValue> values = new ArrayList<>();
    while (reader.skipSpace() != END) {
      values.add(reader.value(null));
    }
    return List.copyOf(values);
  }

  private String decode(byte[] document) {
    if (document.length > limits.bytes()) {
      throw new SpecException(source, "", "the document is longer than the " + limits.bytes() + " bytes allowed", null);
    }
    CharBuffer chars;
    try {
      chars = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document));
    } catch (CharacterCodingException e) {
      throw new SpecException(source, "", "the document is not UTF-8", e);
    }
    if (chars.hasRemaining() && chars.get(0) == '\uFEFF') {
      throw new SpecException(source, "", "the document starts with a byte order mark; save it without", null);
    }
    return chars.toString();
  }

  private JsonValue value(@Nullable Place place) {
    int c = skipSpace();
    return switch (c) {
      case '{' -> object(new Place(place));
      case '[' -> array(new Place(place));
      case '"' -> new JsonString(string(place));
      case 't' -> literal("true", JsonBoolean.TRUE, place);
      case 'f' -> literal("false", JsonBoolean.FALSE, place);
      case 'n' -> literal("null", JsonNull.NULL, place);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number(place);
      default -> throw syntax(place, "expected a value, found " + described(c));
    };
  }

  private JsonObject object(Place place) {
    enter(place);
    Map<String, JsonValue> members = new LinkedHashMap<>();
    if (skipSpace() != '}') {
      do {
        if (skipSpace() != '"') {
          throw syntax(place.parent, "expected a name in quotes, found " + described(peek()));
        }
        place.name = string(place.parent);
        if (skipSpace() != ':') {
          throw syntax(place, "expected ':', found " + described(peek()));
        }
        at++;
        if (members.put(place.name, value(place)) != null) {
          throw problem(place, "the name occurs twice");
        }
      } while (another(place, '}'));
    }
    at++;
    return new JsonObject(members);
  }

  private JsonArray array(Place place) {
    enter(place);
    List<JsonValue> values = new ArrayList<>();
    if (skipSpace() != ']') {
      do {
        place.index = values.size();
        values.add(value(place));
      } while (another(place, ']'));
    }
    at++;
    return new JsonArray(values);
  }

  /// Skips the bracket that opens an object or array.
  private void enter(Place place) {
    if (place.depth > limits.depth()) {
      throw problem(place.parent, "nested deeper than the " + limits.depth() + " levels allowed");
    }
    at++;
  }

  /// Skips a comma, or stays at the bracket that closes the object or array.
  private boolean another(Place place, char close) {
    int c = skipSpace();
    if (c == ',') {
      at++;
      return true;
    }
    if (c == close) {
      return false;
    }
    throw syntax(place, "expected ',' or '" + close + "', found " + described(c));
  }

  private JsonValue literal(String word, JsonValue value, @Nullable Place place) {
    for (int i = 0; i < word.length(); i++) {
      if (peek() != word.charAt(i)) {
        throw syntax(place, "expected " + word);
      }
      at++;
    }
    return value;
  }

  private JsonNumber number(@Nullable Place place) {
    int start = at;
    while (isOfNumber(peek())) {
      at++;
    }
    String number = text.substring(start, at);
    if (!JsonNumber.isNumber(number)) {
      throw syntax(place, "\"" + JsonNumber.shortened(number) + "\" is not a number");
    }
    return new JsonNumber(number);
  }

  private static boolean isOfNumber(int c) {
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
  }

  private String string(@Nullable Place place) {
    at++;
    int start = at;
    int c = peek();
    while (c != '"' && c != '\\' && c >= ' ') {
      at++;
      c = peek();
    }
    String plain = text.substring(start, at);
    if (c == '"') {
      at++;
      return plain;
    }
    return escaped(new StringBuilder(plain), place);
  }

  /// The rest of a string in which something is escaped.
  private String escaped(StringBuilder string, @Nullable Place place) {
    for (int c = peek(); c != '"'; c = peek()) {
      if (c < ' ') {
        throw syntax(place, "a string holds " + described(c));
      }
      at++;
      string.append(c == '\\' ? escape(place) : (char) c);
    }
    at++;
    String whole = string.toString();
    if (!JsonString.isWellFormed(whole)) {
      throw problem(place, "a string holds half of a surrogate pair");
    }
    return whole;
  }

  private char escape(@Nullable Place place) {
    int c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> (char) c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unit(place);
      default -> throw syntax(place, "there is no escape \\ with " + described(c));
    };
  }

  private char unit(@Nullable Place place) {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      int c = peek();
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw syntax(place, "expected four hexadecimal digits after \\u, found " + described(c));
      }
      unit = unit << 4 | digit;
      at++;
    }
    return (char) unit;
  }

  /// The next character that is no white space, which is not taken.
  private int skipSpace() {
    int c = peek();
    while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
      at++;
      c = peek();
    }
    return c;
  }

  private int peek() {
    return at < text.length() ? text.charAt(at) : END;
  }

  private static String described(int c) {
    if (c == END) {
      return "the end";
    }
    return c < ' ' || c > '~' ? "the character U+" + Integer.toHexString(c) : "'" + (char) c + "'";
  }

  private SpecException syntax(@Nullable Place place, String reason) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < at && i < text.length(); i++) {
      column++;
      if (text.charAt(i) == '\n') {
        line++;
        column = 1;
      }
    }
    return problem(place, "not JSON at line " + line + ", column " + column + ": " + reason);
  }

  private SpecException problem(@Nullable Place place, String reason) {
    return new SpecException(source, place == null ? "" : place.pointer(), reason, null);
  }

  /// Where the reader is in one object or array: at a name or at an index.
  private static final class Place {

    private final @Nullable Place parent;
    private final int depth;
    private @Nullable String name;
    private int index;

    Place(@Nullable Place parent) {
      this.parent = parent;
      this.depth = parent == null ? 1 : parent.depth + 1;
    }

    String pointer() {
      String step = name == null ? Integer.toString(index) : Problem.escape(name);
      return (parent == null ? "" : parent.pointer()) + "/" + step;
    }
  }
}
