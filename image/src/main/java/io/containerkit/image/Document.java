package io.containerkit.image;

import io.containerkit.spec.Json;
import io.containerkit.spec.ObjectReader;
import io.containerkit.spec.SpecException;
import io.containerkit.spec.SpecPart;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What stands behind a tag: the [Manifest] of one image, or an [Index] of several.
///
/// The digest of a document is that of the bytes it was read from; keep them. [#toBytes] of a document that was read means the same
/// but need not be the same bytes.
public sealed interface Document extends SpecPart permits Manifest, Index {

  /// The longest document that is read: 4 MiB, the least that every registry must take (distribution-spec, "Pushing manifests").
  int MAX_BYTES = 4 << 20;

  /// The media type: the one that the document names, else OCI's.
  String mediaType();

  /// The type of the artifact, where this is no image, or empty.
  String artifactType();

  /// What this document says something about, such as the image that it signs, or null.
  @Nullable Descriptor subject();

  /// Notes by name.
  Map<String, String> annotations();

  /// The document as it is pushed.
  default byte[] toBytes() {
    return Json.writeBytes(toJson());
  }

  /// Reads a manifest or an index, whichever its `mediaType` says, or `declaredType` where it has none. Refused is what
  /// other readers could take for something else: a document with both `layers` and `manifests`, or whose `mediaType` is not
  /// the declared one (CVE-2021-41190).
  ///
  /// @param bytes the document
  /// @param declaredType the type that came with it, in a descriptor or a `Content-Type`
  /// @throws SpecException if it is refused
  static Document parse(byte[] bytes, String declaredType) {
    var json = Json.readObject(bytes);
    var type = ObjectReader.of(json).string("mediaType");
    if (!type.isEmpty() && !type.equals(declaredType)) {
      throw new SpecException(
          "/mediaType", "is " + Quoted.of(type) + " but the document was declared " + Quoted.of(declaredType));
    }
    if (json.get("manifests") != null && (json.get("layers") != null || json.get("config") != null)) {
      throw new SpecException("/manifests", "stands beside layers or config: both an index and a manifest");
    }
    if (MediaType.isIndex(declaredType)) {
      return Index.of(json, declaredType);
    }
    if (MediaType.isManifest(declaredType)) {
      return Manifest.of(json, declaredType);
    }
    if (declaredType.startsWith("application/vnd.docker.distribution.manifest.v1")) {
      throw new SpecException(
          "/schemaVersion", "is 1, a form that Docker has withdrawn; push the image again with a newer tool");
    }
    throw new SpecException(
        "/mediaType", "is " + Quoted.of(declaredType) + ": neither a manifest nor an index of images");
  }
}
