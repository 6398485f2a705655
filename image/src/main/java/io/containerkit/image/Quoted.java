package io.containerkit.image;

/// Shows foreign text in a message: quoted, of bounded length, and without control characters that could steer a terminal.
final class Quoted {

  private static final int LONGEST = 200;

  private Quoted() {}

  static String of(String text) {
    return '"' + plain(text) + '"';
  }

  static String plain(String text) {
    var shown = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    var out = new StringBuilder(shown.length() + 2);
    shown
        .codePoints()
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
        .forEach(out::appendCodePoint);
    return out.toString();
  }
}
