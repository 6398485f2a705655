package io.containerkit.runtime;

import io.containerkit.spec.Json;
import io.containerkit.spec.JsonLimits;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonString;
import io.containerkit.spec.JsonValue;
import io.containerkit.spec.LogEntry;
import io.containerkit.spec.SpecException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads what `--log FILE --log-format json` left: objects that follow each other, one a line (runc, crun) or with nothing between
/// them (runsc), and whatever a crash wrote in their midst.
final class RuntimeLog {

  /// A failing runtime says why at the end; one that was told to debug can write very much before.
  private static final int LONGEST = 1 << 20;

  private RuntimeLog() {}

  /// The entries of a log file in order; none if there is no file.
  static List<LogEntry> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      long start = Math.max(0, log.length() - LONGEST);
      log.seek(start);
      byte[] bytes = new byte[(int) (log.length() - start)];
      log.readFully(bytes);
      return decode(new String(bytes, StandardCharsets.UTF_8));
    }
  }

  /// Decodes a log. What is not JSON is skipped by the line.
  static List<LogEntry> decode(String text) {
    List<LogEntry> entries = new ArrayList<>();
    if (!add(text, entries)) {
      for (String line : text.lines().toList()) {
        add(line, entries);
      }
    }
    return List.copyOf(entries);
  }

  /// Adds the entries of a text that is a sequence of JSON values; adds nothing if it is not.
  private static boolean add(String text, List<LogEntry> entries) {
    List<JsonValue> values;
    try {
      values = Json.readSequence(text.getBytes(StandardCharsets.UTF_8), JsonLimits.DEFAULT);
    } catch (SpecException _) {
      return false; // the caller tries smaller parts of it, and the raw text is in the failure's stderr
    }
    for (JsonValue value : values) {
      if (value instanceof JsonObject object) {
        entries.add(entry(object));
      }
    }
    return true;
  }

  private static LogEntry entry(JsonObject object) {
    return new LogEntry(text(object, "level"), text(object, "msg"), time(text(object, "time")));
  }

  private static String text(JsonObject object, String name) {
    return object.get(name) instanceof JsonString string ? string.value() : "";
  }

  private static Optional<Instant> time(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException _) {
      return Optional.empty(); // an entry without a time is still an entry
    }
  }
}
