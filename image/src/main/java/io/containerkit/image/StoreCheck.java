package io.containerkit.image;

import io.containerkit.image.ContentStore.Reference;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.SpecException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Looks a whole store through.
final class StoreCheck {

  private final ContentStore store;
  private final boolean remove;
  private final List<StoreProblem> problems = new ArrayList<>();
  private final Set<Digest> missing = new HashSet<>();
  private final Set<Digest> damaged = new HashSet<>();
  private final Set<Digest> unpackedLayers;

  StoreCheck(ContentStore store, boolean remove) {
    this.store = store;
    this.remove = remove;
    this.unpackedLayers = Set.copyOf(store.stored("layers"));
  }

  List<StoreProblem> problems() {
    for (Digest digest : store.stored("blobs")) {
      checkContent(digest);
    }
    for (Reference reference : store.references()) {
      checkWhole(reference);
    }
    return List.copyOf(problems);
  }

  private void checkContent(Digest digest) {
    MessageDigest hash = digest.newMessageDigest();
    try (InputStream in = Files.newInputStream(store.path(digest))) {
      byte[] bytes = new byte[1 << 17];
      for (int count; (count = in.read(bytes)) >= 0; ) {
        hash.update(bytes, 0, count);
      }
      Digest found = Digest.of(digest.algorithm(), hash.digest());
      if (!found.equals(digest)) {
        damaged(digest, "its content has the digest " + found);
      }
    } catch (NoSuchFileException removed) {
      // Just now.
    } catch (IOException e) {
      damaged(digest, "it cannot be read: " + e.getMessage());
    }
  }

  private void damaged(Digest digest, String how) {
    damaged.add(digest);
    problems.add(new StoreProblem(digest, how + (remove ? ": removed" : "")));
    if (remove) {
      try {
        Files.deleteIfExists(store.path(digest));
      } catch (IOException e) {
        throw Unpacking.failed("blob " + digest, e);
      }
    }
  }

  /// Follows what a name stands for. Of an index only those images are looked at that are here: nobody pulls every platform.
  private void checkWhole(Reference reference) {
    String image = "image " + Quoted.plain(reference.name());
    if (!present(reference.target().digest(), image)) {
      return;
    }
    var open = new ArrayDeque<Descriptor>();
    var seen = new HashSet<Digest>();
    open.push(reference.target());
    while (!open.isEmpty()) {
      Descriptor descriptor = open.pop();
      if (!store.contains(descriptor.digest()) || !seen.add(descriptor.digest())) {
        continue;
      }
      switch (read(descriptor.digest(), () -> store.document(descriptor))) {
        case Index index -> index.manifests().forEach(open::push);
        case Manifest manifest when present(manifest.config().digest(), image) -> checkLayers(manifest, image);
        case Manifest _ -> {}
        case null -> {}
      }
    }
  }

  /// A document, or null if it is damaged, which is a problem that is known already, or not what it should be.
  private <T> @Nullable T read(Digest digest, Supplier<T> read) {
    if (damaged.contains(digest)) {
      return null;
    }
    try {
      return read.get();
    } catch (SpecException | ImageException e) {
      damaged.add(digest);
      problems.add(new StoreProblem(digest, "it is refused: " + e.getMessage()));
      return null;
    }
  }

  /// A layer is there as content, or unpacked, or both.
  private void checkLayers(Manifest manifest, String image) {
    List<Digest> diffIds = diffIds(manifest);
    for (int i = 0; i < manifest.layers().size(); i++) {
      Digest layer = manifest.layers().get(i).digest();
      boolean unpacked = i < diffIds.size() && unpackedLayers.contains(diffIds.get(i));
      if (!unpacked) {
        present(layer, image);
      }
    }
  }

  private List<Digest> diffIds(Manifest manifest) {
    if (!MediaType.isConfig(manifest.config().mediaType())) {
      return List.of();
    }
    ImageConfig config = read(manifest.config().digest(), () -> store.config(manifest));
    return config == null ? List.of() : config.diffIds();
  }

  private boolean present(Digest digest, String image) {
    boolean present = store.contains(digest);
    if (!present && missing.add(digest)) {
      problems.add(new StoreProblem(digest, "is not here, but " + image + " needs it"));
    }
    return present;
  }
}
