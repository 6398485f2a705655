package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The permissions that this process takes away from what it creates.
final class Umask {

  private static final String STATUS = "/proc/self/status";

  private Umask() {}

  static int ofThisProcess() {
    try {
      return Files.readAllLines(Path.of(STATUS)).stream()
          .filter(line -> line.startsWith("Umask:"))
          .mapToInt(line -> Integer.parseInt(line.substring("Umask:".length()).strip(), 8))
          .findFirst()
          .orElse(07777);
    } catch (IOException e) {
      throw new ImageException(ErrorKind.IO, STATUS, "cannot read the umask from " + STATUS + ": " + e.getMessage(), e);
    }
  }
}
