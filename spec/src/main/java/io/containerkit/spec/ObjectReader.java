package io.containerkit.spec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Takes typed members out of one object of a document, and knows the place of each for errors. What nobody took is the
/// [rest][#rest()].
///
/// A member that is absent, `null` or says nothing (`""`, `false`, an empty list or map) reads as the empty value of its type
/// and stays in the rest; a member of another type is a [SpecException] that names the place. Not thread-safe.
public final class ObjectReader {

  private static final long MAX_UINT32 = 0xFFFF_FFFFL;

  private final @Nullable ObjectReader parent;
  private final String name;
  private final String source;
  private final Map<String, JsonValue> rest;

  private ObjectReader(@Nullable ObjectReader parent, String name, String source, JsonObject object) {
    this.parent = parent;
    this.name = name;
    this.source = source;
    this.rest = new LinkedHashMap<>(object.members());
  }

  /// A reader of a whole document.
  public static ObjectReader of(JsonObject document) {
    return new ObjectReader(null, "", "", document);
  }

  /// A reader of a whole document that came from a file, which errors name.
  public static ObjectReader of(JsonObject document, String source) {
    return new ObjectReader(null, "", source, document);
  }

  /// The members that were not taken.
  public JsonObject rest() {
    return rest.isEmpty() ? JsonObject.EMPTY : new JsonObject(rest);
  }

  /// The place of this object: a JSON pointer (RFC 6901).
  public String pointer() {
    return parent == null ? "" : parent.pointer() + "/" + Problem.escape(name);
  }

  /// An error at a member.
  public SpecException problem(String member, String reason) {
    return new SpecException(source, pointer() + "/" + Problem.escape(member), reason, null);
  }

  /// Takes any value, `null` included; null where there is none.
  public @Nullable JsonValue value(String member) {
    return rest.remove(member);
  }

  /// Takes a string; empty where there is none.
  public String string(String member) {
    JsonValue value = peek(member);
    return value == null ? "" : takeUnlessEmpty(member, stringOf(member, value));
  }

  private String takeUnlessEmpty(String member, String text) {
    if (!text.isEmpty()) {
      rest.remove(member);
    }
    return text;
  }

  /// Takes a string that must be there, empty or not.
  public String requiredString(String member) {
    String text = peekRequiredString(member);
    rest.remove(member);
    return text;
  }

  /// A string that must be there; it is not taken.
  String peekRequiredString(String member) {
    return stringOf(member, required(member));
  }

  /// Takes a flag; false where there is none.
  public boolean flag(String member) {
    JsonValue value = peek(member);
    if (value == null || !booleanOf(member, value)) {
      return false;
    }
    rest.remove(member);
    return true;
  }

  /// Takes a boolean that must be there.
  public boolean requiredFlag(String member) {
    boolean flag = booleanOf(member, required(member));
    rest.remove(member);
    return flag;
  }

  /// Takes a boolean for which absence is a third state: null.
  public @Nullable Boolean optionalFlag(String member) {
    return peek(member) == null ? null : requiredFlag(member);
  }

  /// Takes a signed 64-bit integer; null where there is none.
  public @Nullable Long int64(String member) {
    return peek(member) == null ? null : requiredInt64(member);
  }

  /// Takes a signed 64-bit integer that must be there.
  public long requiredInt64(String member) {
    return integer(member, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /// Takes an unsigned 64-bit integer, to be read with the unsigned methods of [Long]; null where there is none.
  public @Nullable Long uint64(String member) {
    return peek(member) == null ? null : requiredUint64(member);
  }

  /// Takes an unsigned 64-bit integer that must be there, to be read with the unsigned methods of [Long].
  public long requiredUint64(String member) {
    long value = uint64Of(member, required(member));
    rest.remove(member);
    return value;
  }

  /// Takes an unsigned 32-bit integer; null where there is none.
  public @Nullable Long uint32(String member) {
    return peek(member) == null ? null : requiredUint32(member);
  }

  /// Takes an unsigned 32-bit integer that must be there.
  public long requiredUint32(String member) {
    return integer(member, 0, MAX_UINT32);
  }

  /// Takes an unsigned 32-bit integer; 0 where there is none.
  public long uint32OrZero(String member) {
    JsonValue value = peek(member);
    long number = value == null ? 0 : integerOf(member, value, 0, MAX_UINT32);
    if (number != 0) {
      rest.remove(member);
    }
    return number;
  }

  /// Takes an unsigned 16-bit integer; null where there is none.
  public @Nullable Integer uint16(String member) {
    return peek(member) == null ? null : (int) integer(member, 0, 0xFFFF);
  }

  /// Takes a signed 32-bit integer; null where there is none.
  public @Nullable Integer int32(String member) {
    return peek(member) == null ? null : requiredInt32(member);
  }

  /// Takes a signed 32-bit integer that must be there.
  public int requiredInt32(String member) {
    return (int) integer(member, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /// Takes a signed 32-bit integer; 0 where there is none.
  public int int32OrZero(String member) {
    JsonValue value = peek(member);
    int number = value == null ? 0 : (int) integerOf(member, value, Integer.MIN_VALUE, Integer.MAX_VALUE);
    if (number != 0) {
      rest.remove(member);
    }
    return number;
  }

  /// Takes a list of strings; empty where there is none.
  public List<String> strings(String member) {
    List<JsonValue> values = elements(member);
    if (values.isEmpty()) {
      return List.of();
    }
    ObjectReader in = inside(member);
    List<String> strings = new ArrayList<>(values.size());
    for (JsonValue value : values) {
      strings.add(in.stringOf(Integer.toString(strings.size()), value));
    }
    rest.remove(member);
    return strings;
  }

  /// Takes a list of unsigned 32-bit integers; empty where there is none.
  public List<Long> uint32s(String member) {
    List<JsonValue> values = elements(member);
    if (values.isEmpty()) {
      return List.of();
    }
    ObjectReader in = inside(member);
    List<Long> numbers = new ArrayList<>(values.size());
    for (JsonValue value : values) {
      numbers.add(in.integerOf(Integer.toString(numbers.size()), value, 0, MAX_UINT32));
    }
    rest.remove(member);
    return numbers;
  }

  /// Takes a list of unsigned 64-bit integers, to be read with the unsigned methods of [Long]; empty where there is none.
  public List<Long> uint64s(String member) {
    List<JsonValue> values = elements(member);
    if (values.isEmpty()) {
      return List.of();
    }
    ObjectReader in = inside(member);
    List<Long> numbers = new ArrayList<>(values.size());
    for (JsonValue value : values) {
      numbers.add(in.uint64Of(Integer.toString(numbers.size()), value));
    }
    rest.remove(member);
    return numbers;
  }

  /// Takes a map of strings, in the document's order; empty where there is none.
  public Map<String, String> stringMap(String member) {
    JsonObject object = members(member);
    if (object.isEmpty()) {
      return Map.of();
    }
    ObjectReader in = inside(member);
    Map<String, String> map = new LinkedHashMap<>();
    for (Map.Entry<String, JsonValue> entry : object.members().entrySet()) {
      map.put(entry.getKey(), in.stringOf(entry.getKey(), entry.getValue()));
    }
    rest.remove(member);
    return map;
  }

  /// Takes an object, empty or not; null where there is none.
  public @Nullable ObjectReader object(String member) {
    JsonValue value = peek(member);
    if (value == null) {
      return null;
    }
    rest.remove(member);
    return new ObjectReader(this, member, source, objectOf(member, value));
  }

  /// Takes an object that is not empty; one without members where there is none.
  public ObjectReader objectOrEmpty(String member) {
    JsonObject object = members(member);
    if (!object.isEmpty()) {
      rest.remove(member);
    }
    return new ObjectReader(this, member, source, object);
  }

  /// Takes a list of objects; empty where there is none.
  public List<ObjectReader> objects(String member) {
    List<JsonValue> values = elements(member);
    if (values.isEmpty()) {
      return List.of();
    }
    ObjectReader in = inside(member);
    List<ObjectReader> objects = new ArrayList<>(values.size());
    for (JsonValue value : values) {
      String index = Integer.toString(objects.size());
      objects.add(new ObjectReader(in, index, source, in.objectOf(index, value)));
    }
    rest.remove(member);
    return objects;
  }

  /// Takes a map of objects, in the document's order; empty where there is none.
  public Map<String, ObjectReader> objectMap(String member) {
    JsonObject object = members(member);
    if (object.isEmpty()) {
      return Map.of();
    }
    ObjectReader in = inside(member);
    Map<String, ObjectReader> map = new LinkedHashMap<>();
    for (Map.Entry<String, JsonValue> entry : object.members().entrySet()) {
      String key = entry.getKey();
      map.put(key, new ObjectReader(in, key, source, in.objectOf(key, entry.getValue())));
    }
    rest.remove(member);
    return Collections.unmodifiableMap(map);
  }

  /// The place of the elements of a list or map.
  private ObjectReader inside(String member) {
    return new ObjectReader(this, member, source, JsonObject.EMPTY);
  }

  /// The member that says something, or null; it is not taken.
  private @Nullable JsonValue peek(String member) {
    JsonValue value = rest.get(member);
    return value == JsonNull.NULL ? null : value;
  }

  private JsonValue required(String member) {
    JsonValue value = rest.get(member);
    if (value == null) {
      throw problem(member, "is missing");
    }
    return value;
  }

  private long integer(String member, long min, long max) {
    long value = integerOf(member, required(member), min, max);
    rest.remove(member);
    return value;
  }

  private long integerOf(String member, JsonValue value, long min, long max) {
    String text = integerText(member, value);
    try {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Too many digits: the problem below says so.
    }
    throw problem(member, JsonNumber.shortened(text) + " is not within " + min + " and " + max);
  }

  private long uint64Of(String member, JsonValue value) {
    String text = integerText(member, value);
    if (!text.startsWith("-")) {
      try {
        return Long.parseUnsignedLong(text);
      } catch (NumberFormatException _) {
        // Too many digits: the problem below says so.
      }
    }
    throw problem(member, JsonNumber.shortened(text) + " is not within 0 and 18446744073709551615");
  }

  private String integerText(String member, JsonValue value) {
    if (value instanceof JsonNumber number && number.isInteger()) {
      return number.text();
    }
    throw unexpected(member, "an integer", value);
  }

  private String stringOf(String member, JsonValue value) {
    if (value instanceof JsonString string) {
      return string.value();
    }
    throw unexpected(member, "a string", value);
  }

  private boolean booleanOf(String member, JsonValue value) {
    if (value instanceof JsonBoolean bool) {
      return bool.value();
    }
    throw unexpected(member, "a boolean", value);
  }

  private JsonObject objectOf(String member, JsonValue value) {
    if (value instanceof JsonObject object) {
      return object;
    }
    throw unexpected(member, "an object", value);
  }

  private List<JsonValue> elements(String member) {
    JsonValue value = peek(member);
    if (value == null) {
      return List.of();
    }
    if (value instanceof JsonArray array) {
      return array.values();
    }
    throw unexpected(member, "an array", value);
  }

  private JsonObject members(String member) {
    JsonValue value = peek(member);
    return value == null ? JsonObject.EMPTY : objectOf(member, value);
  }

  private SpecException unexpected(String member, String expected, JsonValue found) {
    return problem(member, "expected " + expected + ", found " + found.described());
  }
}
