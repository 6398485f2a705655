package io.containerkit.spec;

/// JSON's `null`.
public enum JsonNull implements JsonValue {
  /// The only one there is.
  NULL;

  @Override
  public String described() {
    return "null";
  }

  @Override
  public String toString() {
    return "null";
  }
}
