package io.containerkit.spec;

/// What a reader accepts before it refuses a document.
///
/// @param bytes the longest document, in bytes
/// @param depth the most arrays and objects that may be nested
public record JsonLimits(int bytes, int depth) {

  /// 4 MiB and 64 levels: a real `config.json` has 30 KiB and 7 levels.
  public static final JsonLimits DEFAULT = new JsonLimits(4 << 20, 64);

  /// The deepest nesting that can be asked for: reading is recursive and must not end in a stack overflow.
  public static final int MAX_DEPTH = 1_000;

  /// Refuses limits that are not positive and a depth above [#MAX_DEPTH].
  public JsonLimits {
    if (bytes < 1 || depth < 1 || depth > MAX_DEPTH) {
      throw new SpecException("", "limits of " + bytes + " bytes and " + depth + " levels: not within 1 and " + MAX_DEPTH);
    }
  }
}
