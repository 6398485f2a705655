package io.containerkit.cli;

import io.containerkit.spec.Json;
import io.containerkit.spec.JsonObject;
import java.io.IOException;
import java.nio.file.Path;

/// Reads a document that a flag names.
final class JsonFile {

  /// More than any document that ckit takes needs.
  private static final int LONGEST = 4 << 20;

  private JsonFile() {}

  /// Reads a file, or standard input where the path is `-`.
  static JsonObject read(Path file) {
    if (!file.toString().equals("-")) {
      return Json.readObject(file);
    }
    try {
      return Json.readObject(System.in.readNBytes(LONGEST));
    } catch (IOException e) {
      throw HostFacts.failure("read", Path.of("standard input"), e);
    }
  }
}
