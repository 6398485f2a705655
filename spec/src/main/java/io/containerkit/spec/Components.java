package io.containerkit.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the compact constructors share.
final class Components {

  private Components() {}

  /// An unmodifiable copy that keeps the order, which `Map.copyOf` does not.
  static <V> Map<String, V> copy(Map<String, V> map) {
    return map.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /// Refuses a number that an unsigned 32-bit member cannot hold.
  static void uint32(String name, @Nullable Long value) {
    within(name, value, 0xFFFF_FFFFL);
  }

  /// Refuses a number that an unsigned 16-bit member cannot hold.
  static void uint16(String name, @Nullable Integer value) {
    within(name, value == null ? null : (long) value, 0xFFFF);
  }

  private static void within(String name, @Nullable Long value, long max) {
    if (value != null && (value < 0 || value > max)) {
      throw new SpecException("/" + name, value + " is not within 0 and " + max);
    }
  }
}
