package io.containerkit.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Strings of C: bytes of UTF-8 that end with a NUL.
///
/// Apart from [Native], because a caller makes its strings before the call: in a cold JVM that takes 4 ms the first time, and passes
/// while another thread still links the call itself.
final class CString {

  private CString() {}

  /// Copies a string to C.
  ///
  /// @return its address, good while the arena lives
  /// @throws IllegalArgumentException if it holds a NUL, where C would cut it
  static long copy(Arena arena, String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a NUL character in \"" + text.replace("\0", "\\0") + "\"");
    }
    return arena.allocateFrom(text).address();
  }

  /// Copies a string from C.
  static String read(long address) {
    return MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE).getString(0);
  }
}
