package io.containerkit.spec;

/// A JSON value as it stood in a document: numbers keep their text, objects their order.
public sealed interface JsonValue permits JsonObject, JsonArray, JsonString, JsonNumber, JsonBoolean, JsonNull {

  /// What the value is, for messages: `an object`, `a string`.
  String described();
}
