package io.containerkit.cli;

import io.containerkit.engine.ContainerBuilder;
import io.containerkit.image.ImageReference;
import io.containerkit.image.Platform;
import io.containerkit.image.PullOptions;
import io.containerkit.image.PullPolicy;
import io.containerkit.image.Transfer;
import io.containerkit.spec.Json;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonString;
import io.containerkit.spec.JsonValue;
import io.containerkit.spec.SpecException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The image that a container is made of, and what is said in an image's own terms. Not loaded without an image.
///
/// @param name a reference, or the start of the ID of an image that is here
/// @param entrypoint instead of the image's; empty to leave it
/// @param labels `NAME=VALUE`, checked
record ImageFlags(
    String name, PullPolicy policy, Optional<Platform> platform, Optional<List<String>> entrypoint, List<String> labels, boolean quiet) {

  static ImageFlags of(Arguments arguments, String name) {
    List<String> labels = new ArrayList<>();
    for (String label : arguments.texts("label")) {
      labels.add(label.indexOf('=') < 0 ? label + "=" : Values.assignment(arguments, "label", label));
    }
    return new ImageFlags(
        name,
        PullCommand.policy(arguments, "pull").orElse(PullPolicy.MISSING),
        arguments.text("platform").map(Platform::of),
        arguments.text("entrypoint").map(text -> entrypoint(arguments, text)),
        List.copyOf(labels),
        arguments.has("quiet"));
  }

  /// One word, or a JSON array of words; an empty text is no entry point.
  private static List<String> entrypoint(Arguments arguments, String text) {
    if (!text.startsWith("[")) {
      return text.isEmpty() ? List.of() : List.of(text);
    }
    String right = "one word or a JSON array of texts, such as '[\"sh\",\"-c\"]'";
    try {
      List<String> words = new ArrayList<>();
      for (JsonValue word : ((JsonArray) Json.read(text)).values()) {
        if (!(word instanceof JsonString(String plain))) {
          throw Values.wrong(arguments, "entrypoint", text, right, null);
        }
        words.add(plain);
      }
      return List.copyOf(words);
    } catch (SpecException e) {
      throw Values.wrong(arguments, "entrypoint", text, right, e);
    }
  }

  /// Names the image, and says what else is said of it.
  ///
  /// @param progress is told of a pull
  void configure(ContainerBuilder builder, Consumer<Transfer> progress) {
    builder.image(name).pull(new PullOptions(policy, platform, progress));
    entrypoint.ifPresent(builder::entrypoint);
    for (String label : labels) {
      int equals = label.indexOf('=');
      builder.label(label.substring(0, equals), label.substring(equals + 1));
    }
  }

  /// What a pull is called where it is shown.
  String title() {
    return "pull " + (policy == PullPolicy.NEVER ? name : ImageReference.of(name).familiar());
  }
}
