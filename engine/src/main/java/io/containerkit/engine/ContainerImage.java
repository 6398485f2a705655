package io.containerkit.engine;

import io.containerkit.image.Descriptor;
import io.containerkit.image.ImageConfig;
import io.containerkit.spec.Json;
import io.containerkit.spec.JsonLimits;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.ObjectReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/// The image that a container is made of, and what the container was told to be in an image's terms. It stands in the container's
/// directory, for every process that finds the container.
///
/// @param name the name by which the image was found
/// @param manifest points at its manifest, which stays in the store as long as the container exists
/// @param config the image's configuration, with the container's own command, variables, user and labels in it; ports, volumes and health
///     check, on which nothing acts yet, are the image's
/// @param files the directory with all that the container has changed; where the image had to be copied, with all its files
/// @param copied whether the image had to be copied, because the file system of the store cannot hold layers of overlay
public record ContainerImage(String name, Descriptor manifest, ImageConfig config, Path files, boolean copied) {

  private static final String FILE = "image.json";

  /// A configuration that is as long and as deep as an image may have it, and something around it.
  private static final JsonLimits LIMITS = new JsonLimits(8 << 20, 72);

  void write(StateDirectory state, Path directory) {
    JsonObject json = JsonObject.EMPTY.with("name", name).with("manifest", manifest.toJson()).with("config", config.toJson()).with("files", files.toString()).with("copied", copied);
    state.write(directory, FILE, Json.write(json) + "\n");
  }

  /// Empty for a container that is not made of an image.
  static Optional<ContainerImage> read(StateDirectory state, String id) {
    Path file = state.container(id).resolve(FILE);
    return Files.exists(file) ? Optional.of(parse(Json.readObject(file, LIMITS))) : Optional.empty();
  }

  private static ContainerImage parse(JsonObject document) {
    ObjectReader in = ObjectReader.of(document, FILE);
    return new ContainerImage(
        in.requiredString("name"),
        Descriptor.of(member(in, "manifest")),
        ImageConfig.of(member(in, "config")),
        Path.of(in.requiredString("files")),
        in.flag("copied"));
  }

  private static JsonObject member(ObjectReader in, String name) {
    return (JsonObject) Objects.requireNonNull(in.value(name), name);
  }
}
