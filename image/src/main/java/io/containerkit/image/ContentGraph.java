package io.containerkit.image;

import io.containerkit.spec.Json;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonString;
import io.containerkit.spec.JsonValue;
import io.containerkit.spec.SpecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What refers to what in a store. Told by the form of the content alone and without judging it: a lease knows digests and no
/// types, and what is kept too long does less harm than what goes too early.
final class ContentGraph {

  private ContentGraph() {}

  /// The digests that a document refers to: an index' manifests, a manifest's configuration and layers, a configuration's layers
  /// as they are when unpacked. Empty for everything else.
  static List<Digest> children(ContentStore store, Digest digest) throws IOException {
    Path file = store.path(digest);
    if (!Files.exists(file) || Files.size(file) > Document.MAX_BYTES || !startsLikeObject(file)) {
      return List.of();
    }
    JsonObject json;
    try {
      json = Json.readObject(file);
    } catch (SpecException notJson) {
      return List.of();
    }
    var children = new ArrayList<Digest>();
    addDescriptor(json.get("config"), children);
    addDescriptor(json.get("subject"), children);
    for (String list : List.of("manifests", "layers")) {
      for (JsonValue value : elements(json.get(list))) {
        addDescriptor(value, children);
      }
    }
    if (json.get("rootfs") instanceof JsonObject rootfs) {
      var diffIds = new ArrayList<Digest>();
      for (JsonValue value : elements(rootfs.get("diff_ids"))) {
        addDigest(value, diffIds);
        // The seam that may stand above the layer.
        if (!diffIds.isEmpty()) {
          children.add(Seams.chainId(diffIds));
        }
      }
      children.addAll(diffIds);
    }
    return children;
  }

  private static boolean startsLikeObject(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      int first = in.read();
      return first == '{' || first == ' ' || first == '\n' || first == '\t' || first == '\r';
    }
  }

  private static List<JsonValue> elements(@Nullable JsonValue value) {
    return value instanceof JsonArray array ? array.values() : List.of();
  }

  private static void addDescriptor(@Nullable JsonValue value, List<Digest> to) {
    if (value instanceof JsonObject object) {
      addDigest(object.get("digest"), to);
    }
  }

  private static void addDigest(@Nullable JsonValue value, List<Digest> to) {
    if (value instanceof JsonString string) {
      // No content has a name that is no digest, so there is nothing to keep.
      Digest.find(string.value()).ifPresent(to::add);
    }
  }
}
