package io.containerkit.spec;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Builds the tree of one text, checking on the way what the parser leaves open.
final class JsonTreeReader {

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              // The sizes are bounded by JsonLimits before the parser sees the text.
              StreamReadConstraints.builder()
                  .maxNestingDepth(JsonLimits.MAX_DEPTH)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          // Characters beyond the basic plane as UTF-8, not as two escapes.
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .build();

  private final JsonParser parser;
  private final JsonLimits limits;
  private final String source;

  private JsonTreeReader(JsonParser parser, JsonLimits limits, String source) {
    this.parser = parser;
    this.limits = limits;
    this.source = source;
  }

  static JsonValue one(byte[] document, JsonLimits limits, String source) {
    try (JsonParser parser = FACTORY.createParser(decode(document, limits, source))) {
      JsonTreeReader reader = new JsonTreeReader(parser, limits, source);
      JsonValue value = reader.next();
      if (value == null) {
        throw new SpecException(source, "", "the document is empty", null);
      }
      if (reader.next() != null) {
        throw new SpecException(source, "", "something follows the document's end", null);
      }
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException("a buffer in memory failed", e);
    }
  }

  static List<JsonValue> sequence(byte[] documents, JsonLimits limits) {
    try (JsonParser parser = FACTORY.createParser(decode(documents, limits, ""))) {
      JsonTreeReader reader = new JsonTreeReader(parser, limits, "");
      List<JsonValue> values = new ArrayList<>();
      for (JsonValue value = reader.next(); value != null; value = reader.next()) {
        values.add(value);
      }
      return List.copyOf(values);
    } catch (IOException e) {
      throw new UncheckedIOException("a buffer in memory failed", e);
    }
  }

  /// Decodes strictly: the parser's own decoder would guess UTF-16 and take overlong forms and surrogates.
  private static char[] decode(byte[] document, JsonLimits limits, String source) {
    if (document.length > limits.bytes()) {
      throw new SpecException(source, "", "the document is longer than the " + limits.bytes() + " bytes allowed", null);
    }
    CharBuffer text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document));
    } catch (CharacterCodingException e) {
      throw new SpecException(source, "", "the document is not UTF-8", e);
    }
    if (text.hasRemaining() && text.get(0) == '\uFEFF') {
      throw new SpecException(source, "", "the document starts with a byte order mark; save it without", null);
    }
    char[] chars = new char[text.remaining()];
    text.get(chars);
    return chars;
  }

  /// The next document of the text, or null at its end.
  private @Nullable JsonValue next() throws IOException {
    try {
      JsonToken token = parser.nextToken();
      return token == null ? null : value(token, 0);
    } catch (JacksonException e) {
      JsonLocation at = parser.currentLocation();
      throw problem("not JSON at line " + at.getLineNr() + ", column " + at.getColumnNr() + ": " + e.getOriginalMessage(), e);
    }
  }

  private JsonValue value(JsonToken token, int depth) throws IOException {
    return switch (token) {
      case START_OBJECT -> object(deeper(depth));
      case START_ARRAY -> array(deeper(depth));
      case VALUE_STRING -> new JsonString(wellFormed(parser.getText()));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonNumber(parser.getText());
      case VALUE_TRUE -> JsonBoolean.TRUE;
      case VALUE_FALSE -> JsonBoolean.FALSE;
      case VALUE_NULL -> JsonNull.NULL;
      default -> throw problem("unexpected " + token, null);
    };
  }

  private JsonObject object(int depth) throws IOException {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = wellFormed(parser.currentName());
      if (members.put(name, value(parser.nextToken(), depth)) != null) {
        throw problem("the name occurs twice", null);
      }
    }
    return new JsonObject(members);
  }

  private JsonArray array(int depth) throws IOException {
    List<JsonValue> values = new ArrayList<>();
    for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      values.add(value(token, depth));
    }
    return new JsonArray(values);
  }

  private int deeper(int depth) {
    if (depth == limits.depth()) {
      throw problem("nested deeper than the " + limits.depth() + " levels allowed", null);
    }
    return depth + 1;
  }

  private String wellFormed(String text) {
    if (!JsonString.isWellFormed(text)) {
      throw problem("a string holds half of a surrogate pair", null);
    }
    return text;
  }

  private SpecException problem(String reason, @Nullable Throwable cause) {
    return new SpecException(source, parser.getParsingContext().pathAsPointer().toString(), reason, cause);
  }
}
