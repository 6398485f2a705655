package io.containerkit.image;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// An image made of archives in memory, and a source that serves it.
final class ImageFixture implements BlobSource {

  private final Map<Digest, byte[]> blobs = new HashMap<>();
  private final List<Descriptor> layers = new ArrayList<>();
  private final List<Digest> diffIds = new ArrayList<>();

  ImageFixture layer(byte[] archive) {
    return layer(archive, Compression.GZIP);
  }

  ImageFixture layer(byte[] archive, Compression compression) {
    var out = new ByteArrayOutputStream();
    try (OutputStream to = compression.compress(out)) {
      to.write(archive);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return layer(out.toByteArray(), Digest.sha256(archive));
  }

  ImageFixture layer(byte[] blob, Digest diffId) {
    Descriptor descriptor = Descriptor.of(MediaType.OCI_LAYER_GZIP, blob);
    blobs.put(descriptor.digest(), blob);
    layers.add(descriptor);
    diffIds.add(diffId);
    return this;
  }

  List<Digest> diffIds() {
    return diffIds;
  }

  Descriptor blob(int layer) {
    return layers.get(layer);
  }

  ImageConfig config() {
    return config(Platform.of("linux/amd64"));
  }

  ImageConfig config(Platform platform) {
    return ImageConfig.of(platform, ImageConfig.Defaults.NONE, diffIds);
  }

  Manifest manifest() {
    return manifest(Platform.of("linux/amd64"));
  }

  Manifest manifest(Platform platform) {
    return Manifest.of(Descriptor.of(MediaType.OCI_CONFIG, config(platform).toBytes()), layers);
  }

  @Override
  public ByteArrayInputStream open(Descriptor blob, long from) {
    byte[] content = blobs.get(blob.digest());
    if (content == null) {
      throw new AssertionError("nobody should ask for " + blob);
    }
    return new ByteArrayInputStream(content, (int) from, content.length - (int) from);
  }
}
