package io.containerkit.image;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;

/// Copies an image from one repository to another, the parts before what names them.
final class Copier {

  private final RegistryClient client;
  private final ImageReference source;
  private final ImageReference target;
  private final Set<Digest> copied = new HashSet<>();

  Copier(RegistryClient client, ImageReference source, ImageReference target) {
    this.client = client;
    this.source = source;
    this.target = target;
  }

  Descriptor copy(FetchedDocument document) throws InterruptedException {
    copyParts(document, 0);
    return client.push(target, document.descriptor().mediaType(), document.bytes());
  }

  private void copyParts(FetchedDocument document, int depth) throws InterruptedException {
    switch (document.document()) {
      case Index index -> {
        Index.checkDepth(depth, source.toString());
        for (var part : index.manifests()) {
          if (!copied.add(part.digest())) {
            continue;
          }
          var fetched = client.fetch(source.withDigest(part.digest()));
          Manifests.checkAgainst(part, fetched);
          copyParts(fetched, depth + 1);
          client.push(target.withDigest(part.digest()), part.mediaType(), fetched.bytes());
        }
      }
      case Manifest manifest -> copyBlobs(manifest);
    }
  }

  private void copyBlobs(Manifest manifest) throws InterruptedException {
    var blobs = new ArrayList<Descriptor>();
    blobs.add(manifest.config());
    // A foreign layer stays with its maker; the same layer may occur twice.
    manifest.layers().stream().filter(layer -> !MediaType.isForeign(layer.mediaType())).forEach(blobs::add);
    client.forEach(
        target,
        blobs.stream().distinct().toList(),
        blob -> client.pushBlob(target, blob, () -> client.openBlob(source, blob), source));
  }
}
