package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;

/// A manifest or index as a registry gave it, verified. Immutable.
public final class FetchedDocument {

  private final Descriptor descriptor;
  private final Document document;
  private final byte[] bytes;

  FetchedDocument(Descriptor descriptor, Document document, byte[] bytes) {
    this.descriptor = descriptor;
    this.document = document;
    this.bytes = bytes.clone();
  }

  /// Its type, digest and size.
  public Descriptor descriptor() {
    return descriptor;
  }

  /// What it says.
  public Document document() {
    return document;
  }

  /// The manifest of one image.
  ///
  /// @throws ImageException if it is an index: then a platform has to be chosen
  public Manifest manifest() {
    if (document instanceof Manifest manifest) {
      return manifest;
    }
    throw new ImageException(
        ErrorKind.INVALID_ARGUMENT,
        descriptor.digest().toString(),
        descriptor.digest() + " is an index of several images: choose a platform",
        null);
  }

  /// The bytes whose digest [#descriptor()] has.
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return descriptor.mediaType() + " " + descriptor.digest();
  }
}
