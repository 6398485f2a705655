package io.containerkit.image;

import io.containerkit.spec.SpecException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The manifests and indexes of a store that one of them stands for. Whoever has made them may have nested indexes without end, or named
/// one a thousand times: what lies below more of them than may be nested counts as not here, and each is looked into once.
final class Documents {

  private final ContentStore store;
  private final Set<Digest> seen = new HashSet<>();
  private final List<Descriptor> manifests = new ArrayList<>();
  private final List<Descriptor> all = new ArrayList<>();

  private Documents(ContentStore store) {
    this.store = store;
  }

  /// All that are here: the document itself and, of an index, those below it; what an index names comes before the index.
  static List<Descriptor> of(ContentStore store, Descriptor target) {
    var documents = new Documents(store);
    documents.add(target, 0);
    return documents.all;
  }

  /// The manifests among them that are not about other manifests, in the order of their indexes.
  static List<Descriptor> images(ContentStore store, Descriptor target) {
    var documents = new Documents(store);
    documents.add(target, 0);
    return documents.manifests.stream().filter(Index::isImage).toList();
  }

  /// The manifest that runs best on a platform, if it is here; a lone manifest counts as it is.
  static Optional<Descriptor> find(ContentStore store, Descriptor target, Platform platform) {
    Optional<Descriptor> at = Optional.of(target);
    for (int depth = 0; at.isPresent() && store.contains(at.get().digest()); depth++) {
      switch (store.document(at.get())) {
        case Manifest _ -> {
          return at;
        }
        case Index index -> at = Index.isTooDeep(depth) ? Optional.empty() : index.find(platform);
      }
    }
    return Optional.empty();
  }

  private void add(Descriptor descriptor, int depth) {
    if (!store.contains(descriptor.digest()) || !seen.add(descriptor.digest())) {
      return;
    }
    Document document;
    try {
      document = store.document(descriptor);
    } catch (SpecException notOfThatType) {
      // Another image's, and an index that takes it for something else.
      return;
    }
    switch (document) {
      case Index index -> {
        if (Index.isTooDeep(depth)) {
          return;
        }
        index.manifests().forEach(part -> add(part, depth + 1));
      }
      case Manifest _ -> manifests.add(descriptor);
    }
    all.add(descriptor);
  }
}
