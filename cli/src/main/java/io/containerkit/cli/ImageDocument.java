package io.containerkit.cli;

import io.containerkit.image.Image;
import io.containerkit.image.ImageConfig;
import io.containerkit.image.ImageReference;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonString;
import io.containerkit.spec.JsonValue;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Images as documents, in the fields that docker and podman have.
final class ImageDocument {

  private static final String NONE = "<none>";
  private static final int SHORT = 12;

  private ImageDocument() {}

  static String shortId(Image image) {
    return image.id().hex().substring(0, SHORT);
  }

  /// A row of the list of images.
  static JsonObject row(Image image, boolean whole) {
    var reference = image.reference();
    String repository = reference.map(ImageDocument::repository).orElse(NONE);
    String tag = reference.map(ImageReference::tag).orElse(NONE);
    return JsonObject.EMPTY
        .with("ID", whole ? image.id().toString() : shortId(image))
        .with("Repository", repository)
        .with("Tag", tag)
        .with("Digest", image.target().digest().toString())
        .with("CreatedSince", since(image.config().created()))
        .with("CreatedAt", image.config().created())
        .with("Size", Quantity.bytes(image.size()));
  }

  private static String repository(ImageReference reference) {
    return new ImageReference(reference.registry(), reference.repository(), null, null).familiar();
  }

  /// All about an image.
  ///
  /// @param names all names that it has
  static JsonObject whole(Image image, List<ImageReference> names) {
    ImageConfig config = image.config();
    List<JsonValue> tags = texts(names.stream().filter(name -> name.digest() == null).map(ImageReference::familiar).distinct().toList());
    List<JsonValue> digests =
        texts(names.stream().map(name -> new ImageReference(name.registry(), name.repository(), null, image.target().digest()).familiar()).distinct().toList());
    JsonObject document =
        JsonObject.EMPTY
            .with("Id", image.id().toString())
            .with("RepoTags", new JsonArray(tags))
            .with("RepoDigests", new JsonArray(digests))
            .with("Digest", image.descriptor().digest().toString())
            .with("Created", config.created())
            .with("Author", config.author())
            .with("Architecture", config.platform().architecture());
    if (!config.platform().variant().isEmpty()) {
      document = document.with("Variant", config.platform().variant());
    }
    return document
        .with("Os", config.platform().os())
        .with("Size", image.size())
        .with("Config", config.defaults().toJson())
        .with("RootFS", JsonObject.EMPTY.with("Type", "layers").with("Layers", new JsonArray(texts(config.diffIds().stream().map(Object::toString).toList()))));
  }

  private static List<JsonValue> texts(List<String> texts) {
    return List.copyOf(texts.stream().map(JsonString::new).toList());
  }

  /// How long ago something was made: `3 days ago`.
  static String since(String created) {
    Duration age;
    try {
      age = Duration.between(Instant.parse(created), Instant.now());
    } catch (DateTimeException noTime) {
      return "-";
    }
    if (age.toDays() >= 730) {
      return age.toDays() / 365 + " years ago";
    }
    if (age.toDays() >= 60) {
      return age.toDays() / 30 + " months ago";
    }
    if (age.toHours() >= 48) {
      return age.toDays() + " days ago";
    }
    if (age.toMinutes() >= 120) {
      return age.toHours() + " hours ago";
    }
    return age.toMinutes() >= 2 ? age.toMinutes() + " minutes ago" : "just now";
  }
}
