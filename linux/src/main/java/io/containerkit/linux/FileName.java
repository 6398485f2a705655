package io.containerkit.linux;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Names of files as the kernel has them: any bytes but `/` and NUL.
public final class FileName {

  private static final int LONGEST_SHOWN = 300;

  private FileName() {}

  /// The name as text for a message: quoted, UTF-8 where it is that, `\xNN` for other bytes and control characters.
  public static String show(byte[] name) {
    var text = new StringBuilder("\"");
    for (int at = 0; at < name.length; ) {
      int length = characterLength(name, at);
      if (length == 0) {
        text.append(String.format("\\x%02x", name[at++]));
      } else {
        text.append(new String(name, at, length, StandardCharsets.UTF_8));
        at += length;
      }
      if (text.length() > LONGEST_SHOWN) {
        return text.append("…\"").toString();
      }
    }
    return text.append('"').toString();
  }

  /// The length of the printable character that starts here, 0 if there is none.
  private static int characterLength(byte[] name, int at) {
    int first = name[at] & 0xff;
    if (first < 0x80) {
      return first < 0x20 || first == 0x7f || first == '"' || first == '\\' ? 0 : 1;
    }
    int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (at + length > name.length) {
      return 0;
    }
    try {
      int character =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name, at, length)).toString().codePointAt(0);
      return switch (Character.getType(character)) {
        case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.UNASSIGNED -> 0;
        default -> length;
      };
    } catch (CharacterCodingException notUtf8) {
      return 0;
    }
  }
}
