package io.containerkit.image;

import io.containerkit.spec.JsonObject;
import io.containerkit.spec.ObjectReader;
import io.containerkit.spec.ObjectWriter;
import io.containerkit.spec.SpecException;
import io.containerkit.spec.SpecPart;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Points at content: its type, digest and size (image-spec, "Content Descriptors").
///
/// @param mediaType the content's type
/// @param digest the content's digest
/// @param size the content's length in bytes
/// @param urls other places to have it from; never followed
/// @param annotations notes by name
/// @param data the content itself in base64, or empty
/// @param artifactType the type of the artifact that a manifest describes, or empty
/// @param platform what an image runs on, or null
/// @param extra the members that are not known here
public record Descriptor(
    String mediaType,
    Digest digest,
    long size,
    List<String> urls,
    Map<String, String> annotations,
    String data,
    String artifactType,
    @Nullable Platform platform,
    JsonObject extra)
    implements SpecPart {

  public Descriptor {
    urls = List.copyOf(urls);
    annotations = Parts.copy(annotations);
    if (size < 0) {
      throw new SpecException("/size", "is negative: " + size);
    }
  }

  /// A descriptor with the three members that each must have.
  public static Descriptor of(String mediaType, Digest digest, long size) {
    return new Descriptor(
        mediaType, digest, size, List.of(), Map.of(), "", "", null, JsonObject.EMPTY);
  }

  /// The descriptor of `content`, by SHA-256.
  public static Descriptor of(String mediaType, byte[] content) {
    return of(mediaType, Digest.sha256(content), content.length);
  }

  /// Reads a descriptor.
  ///
  /// @throws SpecException if it is not one
  public static Descriptor of(JsonObject json) {
    return of(ObjectReader.of(json));
  }

  static Descriptor of(ObjectReader in) {
    var size = in.requiredInt64("size");
    if (size < 0) {
      throw in.problem("size", "is negative: " + size);
    }
    var platform = in.object("platform");
    return new Descriptor(
        in.requiredString("mediaType"),
        Parts.digest(in, "digest"),
        size,
        in.strings("urls"),
        in.stringMap("annotations"),
        in.string("data"),
        in.string("artifactType"),
        platform == null ? null : Platform.of(platform),
        in.rest());
  }

  /// Takes a descriptor out of a document; null where there is none.
  static @Nullable Descriptor in(ObjectReader document, String member) {
    var reader = document.object(member);
    return reader == null ? null : of(reader);
  }

  /// This descriptor for another platform.
  public Descriptor withPlatform(Platform newPlatform) {
    return new Descriptor(
        mediaType, digest, size, urls, annotations, data, artifactType, newPlatform, extra);
  }

  /// This descriptor with other annotations.
  public Descriptor withAnnotations(Map<String, String> newAnnotations) {
    return new Descriptor(
        mediaType, digest, size, urls, newAnnotations, data, artifactType, platform, extra);
  }

  /// This descriptor of an artifact, with the annotations of its manifest.
  Descriptor withArtifact(String type, Map<String, String> ofManifest) {
    return new Descriptor(mediaType, digest, size, urls, ofManifest, data, type, platform, extra);
  }

  /// The descriptor as JSON.
  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .required("mediaType", mediaType)
        .required("digest", digest.toString())
        .required("size", size)
        .strings("urls", urls)
        .stringMap("annotations", annotations)
        .string("data", data)
        .string("artifactType", artifactType)
        .object("platform", platform)
        .end(extra);
  }
}
