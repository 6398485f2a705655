package io.containerkit.spec;

/// JSON's `true` and `false`.
public enum JsonBoolean implements JsonValue {
  /// `true`.
  TRUE,
  /// `false`.
  FALSE;

  /// The constant for a Java boolean.
  public static JsonBoolean of(boolean value) {
    return value ? TRUE : FALSE;
  }

  /// The Java boolean of the constant.
  public boolean value() {
    return this == TRUE;
  }

  @Override
  public String described() {
    return "a boolean";
  }

  @Override
  public String toString() {
    return value() ? "true" : "false";
  }
}
