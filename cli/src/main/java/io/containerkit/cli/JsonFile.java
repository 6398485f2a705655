package io.containerkit.cli;

import io.containerkit.spec.Json;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.SpecException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;

/// Reads a document that a flag names.
final class JsonFile {

  /// More than any document that ckit takes needs.
  private static final int LONGEST = 4 << 20;

  private JsonFile() {}

  /// Reads a file, or standard input where the path is `-`.
  ///
  /// @param as makes of the document what it stands for
  /// @throws SpecException if it cannot; it names the file
  static <T> T read(Path file, Function<JsonObject, T> as) {
    boolean standardInput = file.toString().equals("-");
    try {
      return as.apply(standardInput ? standardInput() : Json.readObject(file));
    } catch (SpecException e) {
      throw e.source().isEmpty() ? e.in(standardInput ? "standard input" : file.toString()) : e;
    }
  }

  private static JsonObject standardInput() {
    try {
      return Json.readObject(System.in.readNBytes(LONGEST));
    } catch (IOException e) {
      throw HostFacts.failure("read", Path.of("standard input"), e);
    }
  }
}
