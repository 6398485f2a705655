package io.containerkit.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The permissions that this process takes away from what it creates.
final class Umask {

  private Umask() {}

  static int ofThisProcess() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("Umask:"))
          .mapToInt(line -> Integer.parseInt(line.substring("Umask:".length()).strip(), 8))
          .findFirst()
          .orElse(07777);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the umask", e);
    }
  }
}
