package io.containerkit.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalInt;

/// Reads the pid files that runtimes write.
final class PidFile {

  private PidFile() {}

  /// The pid in a file; empty if there is no file, or no number above 0 in it.
  static OptionalInt read(Path file) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    } catch (NoSuchFileException _) {
      return OptionalInt.empty();
    } catch (IOException e) {
      throw IoFailure.of(file, file + " cannot be read", e);
    }
    try {
      int pid = Integer.parseInt(text);
      return pid > 0 ? OptionalInt.of(pid) : OptionalInt.empty();
    } catch (NumberFormatException _) {
      return OptionalInt.empty();
    }
  }
}
