package io.containerkit.cli;

import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonString;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a command prints a list: as a table, as JSON, or by a template of the user's.
///
/// @param format what was written after `--format`
record Rows(Optional<String> format) {

  private static final String TABLE = "table";

  static void describe(Flags flags) {
    flags.value("f", "format", "table|json|TEMPLATE", "How to print: a template such as '{{.ID}} {{.Size}}', or 'table {{.ID}}'.");
  }

  static Rows of(Arguments arguments) {
    return new Rows(arguments.text("format"));
  }

  /// Prints rows.
  ///
  /// @param columns the headings of the table by the fields that are in it, in their order
  void print(Session session, List<JsonObject> rows, Map<String, String> columns) {
    String wanted = format.orElse(TABLE);
    if (wanted.equals("json")) {
      session.print(new JsonArray(List.copyOf(rows)));
    } else if (wanted.equals(TABLE)) {
      Table table = new Table(columns.values().toArray(String[]::new));
      rows.forEach(row -> table.row(columns.keySet().stream().map(name -> text(row, name)).toArray(String[]::new)));
      session.out().print(table);
    } else if (wanted.startsWith(TABLE + " ")) {
      Template template = Template.of(wanted.substring(TABLE.length() + 1));
      Table table = new Table(template.headings(columns).split("\t", -1));
      rows.forEach(row -> table.row(template.render(row).split("\t", -1)));
      session.out().print(table);
    } else {
      Template template = Template.of(wanted);
      rows.forEach(row -> session.out().println(template.render(row)));
    }
  }

  private static String text(JsonObject row, String name) {
    return row.get(name) instanceof JsonString(String text) ? text : "";
  }
}
