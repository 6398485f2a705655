package io.containerkit.spec;

import java.util.List;
import java.util.Map;

/// Writes a tree as text, on one line or indented.
final class JsonTreeWriter {

  private static final String INDENT = "  ";
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private final StringBuilder out = new StringBuilder(4096);
  private final boolean pretty;
  private int depth;

  private JsonTreeWriter(boolean pretty) {
    this.pretty = pretty;
  }

  static String write(JsonValue value, boolean pretty) {
    JsonTreeWriter writer = new JsonTreeWriter(pretty);
    writer.value(value);
    if (pretty) {
      writer.out.append('\n');
    }
    return writer.out.toString();
  }

  // No pattern switch: its bootstrap alone takes longer than a whole config.json in a cold JVM.
  @SuppressWarnings("IfChainToSwitch")
  private void value(JsonValue value) {
    if (value instanceof JsonString string) {
      string(string.value());
    } else if (value instanceof JsonObject object) {
      object(object.members());
    } else if (value instanceof JsonArray array) {
      array(array.values());
    } else {
      out.append(value.toString());
    }
  }

  private void object(Map<String, JsonValue> members) {
    out.append('{');
    depth++;
    boolean first = true;
    for (Map.Entry<String, JsonValue> member : members.entrySet()) {
      next(first);
      first = false;
      string(member.getKey());
      out.append(pretty ? ": " : ":");
      value(member.getValue());
    }
    end(first, '}');
  }

  private void array(List<JsonValue> values) {
    out.append('[');
    depth++;
    boolean first = true;
    for (JsonValue value : values) {
      next(first);
      first = false;
      value(value);
    }
    end(first, ']');
  }

  private void next(boolean first) {
    if (!first) {
      out.append(',');
    }
    newLine();
  }

  private void end(boolean empty, char close) {
    depth--;
    if (!empty) {
      newLine();
    }
    out.append(close);
  }

  private void newLine() {
    if (pretty) {
      out.append('\n').repeat(INDENT, depth);
    }
  }

  private void string(String text) {
    out.append('"');
    int written = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\') {
        out.append(text, written, i);
        escape(c);
        written = i + 1;
      }
    }
    out.append(text, written, text.length()).append('"');
  }

  private void escape(char c) {
    out.append('\\');
    switch (c) {
      case '"', '\\' -> out.append(c);
      case '\n' -> out.append('n');
      case '\r' -> out.append('r');
      case '\t' -> out.append('t');
      case '\b' -> out.append('b');
      case '\f' -> out.append('f');
      default -> out.append("u00").append(HEX[c >> 4]).append(HEX[c & 0xF]);
    }
  }
}
