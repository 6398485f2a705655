package io.containerkit.image;

import io.containerkit.spec.Json;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.ObjectReader;
import io.containerkit.spec.ObjectWriter;
import io.containerkit.spec.SpecException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The manifest of one image: its configuration and its layers, the lowest first (image-spec, "Image Manifest"; Docker's schema 2 is
/// the same document under other types).
///
/// @param mediaType [MediaType#OCI_MANIFEST] or [MediaType#DOCKER_MANIFEST]
/// @param artifactType the type of the artifact, where this is no image, or empty
/// @param config points at the [ImageConfig]
/// @param layers the layers, the lowest first
/// @param subject what this says something about, or null
/// @param annotations notes by name
/// @param extra the members that are not known here
public record Manifest(
    String mediaType,
    String artifactType,
    Descriptor config,
    List<Descriptor> layers,
    @Nullable Descriptor subject,
    Map<String, String> annotations,
    JsonObject extra)
    implements Document {

  public Manifest {
    if (!MediaType.isManifest(mediaType)) {
      throw new SpecException("/mediaType", "is " + Quoted.of(mediaType) + ", which is no manifest");
    }
    layers = List.copyOf(layers);
    annotations = Parts.copy(annotations);
  }

  /// The manifest of an image, in OCI's form.
  public static Manifest of(Descriptor config, List<Descriptor> layers) {
    return new Manifest(
        MediaType.OCI_MANIFEST, "", config, layers, null, Map.of(), JsonObject.EMPTY);
  }

  /// Reads a manifest that names its own type, or is of OCI's.
  ///
  /// @throws SpecException if it is none, or is an index
  public static Manifest parse(byte[] bytes) {
    var type = ObjectReader.of(Json.readObject(bytes)).string("mediaType");
    if (Document.parse(bytes, type.isEmpty() ? MediaType.OCI_MANIFEST : type) instanceof Manifest manifest) {
      return manifest;
    }
    throw new SpecException("/mediaType", "is that of an index, not of a manifest");
  }

  static Manifest of(JsonObject json, String declaredType) {
    var in = ObjectReader.of(json);
    Index.checkSchemaVersion(in);
    var type = in.string("mediaType");
    var config = Descriptor.in(in, "config");
    if (config == null) {
      throw new SpecException("/config", "is missing");
    }
    return new Manifest(
        type.isEmpty() ? declaredType : type,
        in.string("artifactType"),
        config,
        in.objects("layers").stream().map(Descriptor::of).toList(),
        Descriptor.in(in, "subject"),
        in.stringMap("annotations"),
        in.rest());
  }

  /// This manifest with a subject.
  public Manifest withSubject(Descriptor newSubject) {
    return new Manifest(mediaType, artifactType, config, layers, newSubject, annotations, extra);
  }

  /// This manifest as that of an artifact of the given type.
  public Manifest withArtifactType(String newType) {
    return new Manifest(mediaType, newType, config, layers, subject, annotations, extra);
  }

  /// This manifest with other annotations.
  public Manifest withAnnotations(Map<String, String> newAnnotations) {
    return new Manifest(mediaType, artifactType, config, layers, subject, newAnnotations, extra);
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .required("schemaVersion", 2)
        .required("mediaType", mediaType)
        .string("artifactType", artifactType)
        .object("config", config)
        .objects("layers", layers)
        .object("subject", subject)
        .stringMap("annotations", annotations)
        // Even an empty list is written: it is what tells a manifest from an index.
        .end(extra.get("layers") == null ? extra.with("layers", new JsonArray(List.of())) : extra);
  }
}
