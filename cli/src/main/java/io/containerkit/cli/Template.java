package io.containerkit.cli;

import io.containerkit.spec.Json;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonBoolean;
import io.containerkit.spec.JsonNull;
import io.containerkit.spec.JsonNumber;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonString;
import io.containerkit.spec.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What users write after `--format` for docker and podman, in the part that is about fields: text with `{{.Field}}`,
/// `{{.Outer.Inner}}`, `{{.}}`, and `{{json .Field}}` in it. Lists and objects are written as Go writes them, `[a b]` and `map[a:b]`.
final class Template {

  private sealed interface Part {
    record Text(String text) implements Part {}

    record Field(List<String> path, boolean json) implements Part {}
  }

  private final String source;
  private final List<Part> parts;

  private Template(String source, List<Part> parts) {
    this.source = source;
    this.parts = parts;
  }

  /// Reads a template.
  ///
  /// @throws UsageException if it has what is not known here
  static Template of(String source) {
    List<Part> parts = new ArrayList<>();
    int at = 0;
    for (int open; (open = source.indexOf("{{", at)) >= 0; ) {
      int close = source.indexOf("}}", open);
      if (close < 0) {
        throw refused(source, "{{ is not closed");
      }
      parts.add(new Part.Text(unescaped(source.substring(at, open))));
      parts.add(field(source, source.substring(open + 2, close).strip()));
      at = close + 2;
    }
    parts.add(new Part.Text(unescaped(source.substring(at))));
    return new Template(source, List.copyOf(parts));
  }

  private static Part field(String source, String action) {
    boolean json = action.startsWith("json ");
    String field = json ? action.substring("json ".length()).strip() : action;
    if (!field.startsWith(".") || !field.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '.' || c == '_')) {
      throw refused(source, "{{" + action + "}} is neither a field, such as {{.ID}}, nor {{json .ID}}");
    }
    return new Part.Field(field.equals(".") ? List.of() : List.of(field.substring(1).split("\\.", -1)), json);
  }

  private static UsageException refused(String source, String why) {
    return new UsageException("--format \"" + source + "\": " + why);
  }

  /// Shells pass `\t` and `\n` on as they are written.
  private static String unescaped(String text) {
    return text.replace("\\t", "\t").replace("\\n", "\n");
  }

  /// The template with the fields of a document.
  ///
  /// @throws UsageException if the document has no such field
  String render(JsonObject document) {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      switch (part) {
        case Part.Text(String literal) -> text.append(literal);
        case Part.Field(List<String> path, boolean json) -> {
          JsonValue value = find(document, path);
          text.append(json ? Json.write(value) : plain(value));
        }
      }
    }
    return text.toString();
  }

  /// The template with the names of the fields, for the head of a table.
  String headings(Map<String, String> known) {
    return parts.stream()
        .map(
            part ->
                switch (part) {
                  case Part.Text(String literal) -> literal;
                  case Part.Field(List<String> path, boolean _) -> known.getOrDefault(String.join(".", path), String.join(" ", path).toUpperCase(Locale.ROOT));
                })
        .collect(Collectors.joining());
  }

  private JsonValue find(JsonValue document, List<String> path) {
    JsonValue value = document;
    for (String name : path) {
      JsonValue member = value instanceof JsonObject object ? object.get(name) : null;
      if (member == null) {
        String there = value instanceof JsonObject object ? "; there are " + String.join(", ", object.members().keySet()) : "";
        throw refused(source, "there is no field " + name + there);
      }
      value = member;
    }
    return value;
  }

  private static String plain(JsonValue value) {
    return switch (value) {
      case JsonString(String text) -> text;
      case JsonNumber(String text) -> text;
      case JsonBoolean flag -> flag.toString();
      case JsonNull _ -> "<nil>";
      case JsonArray(List<JsonValue> values) -> values.stream().map(Template::plain).collect(Collectors.joining(" ", "[", "]"));
      case JsonObject(Map<String, JsonValue> members) ->
          members.entrySet().stream()
              .map(entry -> entry.getKey() + ":" + plain(entry.getValue()))
              .collect(Collectors.joining(" ", "map[", "]"));
    };
  }
}
