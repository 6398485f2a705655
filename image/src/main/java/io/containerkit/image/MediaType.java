package io.containerkit.image;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The media types of images: those of the OCI image-spec 1.1 and those of Docker's schema 2, which mean the same.
public final class MediaType {

  /// An image for one platform.
  public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  /// A list of images, one for each platform.
  public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  /// The configuration of an image.
  public static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
  /// A layer, a plain tar.
  public static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar";
  /// A layer, a tar compressed by gzip.
  public static final String OCI_LAYER_GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";
  /// A layer, a tar compressed by zstd.
  public static final String OCI_LAYER_ZSTD = "application/vnd.oci.image.layer.v1.tar+zstd";
  /// The two bytes `{}`, where an artifact needs no configuration.
  public static final String OCI_EMPTY = "application/vnd.oci.empty.v1+json";

  /// Docker's form of [#OCI_MANIFEST].
  public static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
  /// Docker's form of [#OCI_INDEX].
  public static final String DOCKER_MANIFEST_LIST =
      "application/vnd.docker.distribution.manifest.list.v2+json";
  /// Docker's form of [#OCI_CONFIG].
  public static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
  /// Docker's form of [#OCI_LAYER].
  public static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar";
  /// Docker's form of [#OCI_LAYER_GZIP].
  public static final String DOCKER_LAYER_GZIP = "application/vnd.docker.image.rootfs.diff.tar.gzip";

  /// What a registry may answer to a request for a manifest, in the order of preference.
  static final List<String> MANIFESTS =
      List.of(OCI_INDEX, OCI_MANIFEST, DOCKER_MANIFEST_LIST, DOCKER_MANIFEST);

  private static final Set<String> FOREIGN =
      Set.of(
          "application/vnd.docker.image.rootfs.foreign.diff.tar",
          "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
          "application/vnd.oci.image.layer.nondistributable.v1.tar",
          "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
          "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd");

  private MediaType() {}

  /// Whether this is a list of manifests.
  public static boolean isIndex(String mediaType) {
    return mediaType.equals(OCI_INDEX) || mediaType.equals(DOCKER_MANIFEST_LIST);
  }

  /// Whether this is the manifest of one image.
  public static boolean isManifest(String mediaType) {
    return mediaType.equals(OCI_MANIFEST) || mediaType.equals(DOCKER_MANIFEST);
  }

  /// Whether this is the configuration of an image, as opposed to that of some other artifact.
  public static boolean isConfig(String mediaType) {
    return mediaType.equals(OCI_CONFIG) || mediaType.equals(DOCKER_CONFIG);
  }

  /// Whether a layer of this type is kept by its maker and may be missing in a registry.
  public static boolean isForeign(String mediaType) {
    return FOREIGN.contains(mediaType);
  }

  /// The type that a `Content-Type` header names, without its parameters.
  static String ofContentType(String header) {
    var semicolon = header.indexOf(';');
    return (semicolon < 0 ? header : header.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
  }
}
