package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.Json;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.ObjectReader;
import io.containerkit.spec.ObjectWriter;
import io.containerkit.spec.SpecException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A list of manifests, one for each platform (image-spec, "Image Index"; Docker's "manifest list" is the same document).
///
/// @param mediaType [MediaType#OCI_INDEX] or [MediaType#DOCKER_MANIFEST_LIST]
/// @param artifactType the type of the artifact, where this is no image, or empty
/// @param manifests the manifests, in the order of preference
/// @param subject what this says something about, or null
/// @param annotations notes by name
/// @param extra the members that are not known here
public record Index(
    String mediaType,
    String artifactType,
    List<Descriptor> manifests,
    @Nullable Descriptor subject,
    Map<String, String> annotations,
    JsonObject extra)
    implements Document {

  // BuildKit's attestations are manifests in the index of the image that they are about.
  private static final String ATTESTATION = "vnd.docker.reference.type";

  private static final int DEEPEST = 4;

  public Index {
    if (!MediaType.isIndex(mediaType)) {
      throw new SpecException("/mediaType", "is " + Quoted.of(mediaType) + ", which is no index");
    }
    manifests = List.copyOf(manifests);
    annotations = Parts.copy(annotations);
  }

  /// An index in OCI's form.
  public static Index of(List<Descriptor> manifests) {
    return new Index(MediaType.OCI_INDEX, "", manifests, null, Map.of(), JsonObject.EMPTY);
  }

  /// Reads an index that names its own type, or is of OCI's.
  ///
  /// @throws SpecException if it is none, or is a manifest
  public static Index parse(byte[] bytes) {
    var type = ObjectReader.of(Json.readObject(bytes)).string("mediaType");
    if (Document.parse(bytes, type.isEmpty() ? MediaType.OCI_INDEX : type) instanceof Index index) {
      return index;
    }
    throw new SpecException("/mediaType", "is that of a manifest, not of an index");
  }

  static Index of(JsonObject json, String declaredType) {
    var in = ObjectReader.of(json);
    checkSchemaVersion(in);
    var type = in.string("mediaType");
    return new Index(
        type.isEmpty() ? declaredType : type,
        in.string("artifactType"),
        in.objects("manifests").stream().map(Descriptor::of).toList(),
        Descriptor.in(in, "subject"),
        in.stringMap("annotations"),
        in.rest());
  }

  /// Refuses to go deeper into indexes of indexes.
  ///
  /// @param depth how many indexes an index lies in
  /// @param subject what is read, for the message
  static void checkDepth(int depth, String subject) {
    if (isTooDeep(depth)) {
      throw new ImageException(ErrorKind.CORRUPT, subject, subject + ": indexes are nested deeper than " + DEEPEST, null);
    }
  }

  /// Whether an index lies in so many others that it is not looked into.
  static boolean isTooDeep(int depth) {
    return depth >= DEEPEST;
  }

  static void checkSchemaVersion(ObjectReader in) {
    var version = in.requiredInt64("schemaVersion");
    if (version != 2) {
      throw new SpecException("/schemaVersion", "is " + version + ", not 2");
    }
  }

  /// The manifest that runs best on a platform: see [Platform#candidates()]. A lone manifest of no platform is taken as it is.
  ///
  /// @throws ImageException if there is none, kind [ErrorKind#NOT_FOUND]; the message names those that there are
  public Descriptor choose(Platform platform) {
    return find(platform).orElseThrow(() -> noneFor(platform, images()));
  }

  /// The manifest that [#choose] chooses, if there is one.
  public Optional<Descriptor> find(Platform platform) {
    var images = images();
    return platform.candidates().stream()
        .flatMap(candidate -> forPlatform(images, candidate).stream())
        .findFirst()
        .or(() -> images.stream().filter(d -> images.size() == 1 && d.platform() == null).findFirst());
  }

  /// The manifests of images, without what is about them.
  List<Descriptor> images() {
    return manifests.stream().filter(Index::isImage).toList();
  }

  private static Optional<Descriptor> forPlatform(List<Descriptor> images, Platform wanted) {
    return images.stream().filter(d -> d.platform() != null && d.platform().sameAs(wanted)).findFirst();
  }

  static boolean isImage(Descriptor manifest) {
    return !manifest.annotations().containsKey(ATTESTATION)
        && (MediaType.isManifest(manifest.mediaType()) || MediaType.isIndex(manifest.mediaType()));
  }

  private static ImageException noneFor(Platform platform, List<Descriptor> images) {
    var there =
        images.stream()
            .map(d -> d.platform() == null ? "one without platform" : Quoted.plain(d.platform().toString()))
            .distinct()
            .limit(30)
            .collect(Collectors.joining(", "));
    return new ImageException(
        ErrorKind.NOT_FOUND,
        platform.toString(),
        "no image for " + platform + "; there " + (there.isEmpty() ? "is none at all" : "are: " + there),
        null);
  }

  /// This index with a subject.
  public Index withSubject(Descriptor newSubject) {
    return new Index(mediaType, artifactType, manifests, newSubject, annotations, extra);
  }

  /// This index with other manifests.
  public Index withManifests(List<Descriptor> newManifests) {
    return new Index(mediaType, artifactType, newManifests, subject, annotations, extra);
  }

  /// This index with other annotations.
  public Index withAnnotations(Map<String, String> newAnnotations) {
    return new Index(mediaType, artifactType, manifests, subject, newAnnotations, extra);
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .required("schemaVersion", 2)
        .required("mediaType", mediaType)
        .string("artifactType", artifactType)
        .objects("manifests", manifests)
        .object("subject", subject)
        .stringMap("annotations", annotations)
        // Even an empty list is written: it is what tells a manifest from an index.
        .end(extra.get("manifests") == null ? extra.with("manifests", new JsonArray(List.of())) : extra);
  }
}
