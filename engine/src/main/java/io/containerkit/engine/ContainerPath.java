package io.containerkit.engine;

import java.util.ArrayList;
import java.util.List;

/// A path as a container sees it: always absolute, `.` and `..` taken out. It is text and no [java.nio.file.Path], which in the C locale
/// cannot have letters that a container may well have in its names.
///
/// @param parts the names on the way from the root
record ContainerPath(List<String> parts) {

  ContainerPath {
    parts = List.copyOf(parts);
  }

  /// Reads a path; one that is relative starts at the root.
  static ContainerPath of(String text) {
    List<String> parts = new ArrayList<>();
    for (String part : text.split("/", -1)) {
      switch (part) {
        case "", "." -> {}
        case ".." -> {
          if (!parts.isEmpty()) {
            parts.removeLast();
          }
        }
        default -> parts.add(part);
      }
    }
    return new ContainerPath(parts);
  }

  /// Whether it is that path or lies below it.
  boolean isWithin(ContainerPath other) {
    int length = other.parts.size();
    return parts.size() >= length && parts.subList(0, length).equals(other.parts);
  }

  @Override
  public String toString() {
    return "/" + String.join("/", parts);
  }
}
