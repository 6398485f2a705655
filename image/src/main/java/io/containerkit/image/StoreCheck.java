package io.containerkit.image;

import io.containerkit.image.ContentStore.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Looks a whole store through.
final class StoreCheck {

  private final ContentStore store;
  private final boolean remove;
  private final List<StoreProblem> problems = new ArrayList<>();
  private final Set<Digest> missing = new HashSet<>();
  private final Set<Digest> unpackedLayers;

  StoreCheck(ContentStore store, boolean remove) {
    this.store = store;
    this.remove = remove;
    this.unpackedLayers = Set.copyOf(store.stored("layers"));
  }

  List<StoreProblem> problems() {
    try {
      for (Digest digest : store.stored("blobs")) {
        checkContent(digest);
      }
      for (Reference reference : store.references()) {
        checkWhole(reference.target(), "image " + Quoted.plain(reference.name()));
      }
    } catch (IOException e) {
      throw Unpacking.failed("store " + store.root(), e);
    }
    return List.copyOf(problems);
  }

  private void checkContent(Digest digest) throws IOException {
    MessageDigest hash = digest.newMessageDigest();
    try (InputStream in = store.open(digest)) {
      byte[] bytes = new byte[1 << 17];
      for (int count; (count = in.read(bytes)) >= 0; ) {
        hash.update(bytes, 0, count);
      }
    }
    Digest found = Digest.of(digest.algorithm(), hash.digest());
    if (!found.equals(digest)) {
      problems.add(new StoreProblem(digest, "its content has the digest " + found + (remove ? ": removed" : "")));
      if (remove) {
        Files.deleteIfExists(store.path(digest));
      }
    }
  }

  /// Follows what a name stands for. Of an index only those images are looked at that are here: nobody pulls every platform.
  private void checkWhole(Descriptor descriptor, String image) {
    if (!present(descriptor.digest(), image)) {
      return;
    }
    switch (store.document(descriptor)) {
      case Index index -> index.manifests().stream().filter(m -> store.contains(m.digest())).forEach(m -> checkWhole(m, image));
      case Manifest manifest when present(manifest.config().digest(), image) -> checkLayers(manifest, image);
      case Manifest _ -> {}
    }
  }

  /// A layer is there as content, or unpacked, or both.
  private void checkLayers(Manifest manifest, String image) {
    List<Digest> diffIds = MediaType.isConfig(manifest.config().mediaType()) ? store.config(manifest).diffIds() : List.of();
    for (int i = 0; i < manifest.layers().size(); i++) {
      Digest layer = manifest.layers().get(i).digest();
      boolean unpacked = i < diffIds.size() && unpackedLayers.contains(diffIds.get(i));
      if (!unpacked) {
        present(layer, image);
      }
    }
  }

  private boolean present(Digest digest, String image) {
    boolean present = store.contains(digest);
    if (!present && missing.add(digest)) {
      problems.add(new StoreProblem(digest, "is not here, but " + image + " needs it"));
    }
    return present;
  }
}
