package io.containerkit.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the maker of a container says in the terms of an image's configuration, to be had instead of what the image says.
///
/// @param entrypoint the start of the command line, or null to leave it to the image; empty for none
/// @param command the rest of the command line, or null to leave it to the image
/// @param user `user[:group]`, each a name of the root or a number, or null to leave it to the image
/// @param labels notes by name, beside those of the image
record Choices(
    @Nullable List<String> entrypoint, @Nullable List<String> command, @Nullable String user, Map<String, String> labels) {

  /// Leaves everything to the image.
  static final Choices NONE = new Choices(null, null, null, Map.of());

  Choices {
    entrypoint = entrypoint == null ? null : List.copyOf(entrypoint);
    command = command == null ? null : List.copyOf(command);
    labels = Map.copyOf(labels);
  }

  /// The command line where there is no image to say anything.
  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    if (entrypoint != null) {
      arguments.addAll(entrypoint);
    }
    if (command != null) {
      arguments.addAll(command);
    }
    return arguments;
  }

  Choices withEntrypoint(List<String> words) {
    return new Choices(words, command, user, labels);
  }

  Choices withCommand(List<String> words) {
    return new Choices(entrypoint, words, user, labels);
  }

  Choices withUser(String name) {
    return new Choices(entrypoint, command, name, labels);
  }

  Choices withLabel(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(labels);
    more.put(name, value);
    return new Choices(entrypoint, command, user, more);
  }
}
