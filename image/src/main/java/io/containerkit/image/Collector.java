package io.containerkit.image;

import io.containerkit.image.ContentStore.Collected;
import io.containerkit.image.ContentStore.Reference;
import io.containerkit.linux.Fd;
import io.containerkit.linux.FileAt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Finds what is in use, by following references and leases, and removes the rest. Nobody can start to use something meanwhile; that
/// lasts only until everything has been moved to the trash, which is emptied afterwards.
final class Collector {

  private final ContentStore store;
  private final Set<Digest> used = new HashSet<>();

  Collector(ContentStore store) {
    this.store = store;
  }

  Collected collect() {
    Collected collected;
    try (StoreLocks.Held _ = store.lockWhole()) {
      markLeases();
      for (Reference reference : store.references()) {
        mark(reference.target().digest());
      }
      collected = sweep();
      sweepIncoming();
    } catch (IOException e) {
      throw Unpacking.failed("store " + store.root(), e);
    }
    emptyTrash();
    return collected;
  }

  private void markLeases() throws IOException {
    for (Path file : store.entries(store.directory("leases"))) {
      String id = file.getFileName().toString();
      if (id.startsWith("process-")) {
        Optional<StoreLocks.Held> dead = store.locks().tryExclusive("lease " + id);
        if (dead.isPresent()) {
          Files.delete(file);
          dead.get().close();
          continue;
        }
      }
      for (Digest digest : Lease.read(file)) {
        mark(digest);
      }
    }
  }

  /// Marks some content and all that it needs. How deep that goes is up to who has made it.
  private void mark(Digest digest) throws IOException {
    var open = new ArrayDeque<Digest>();
    open.push(digest);
    while (!open.isEmpty()) {
      Digest next = open.pop();
      if (used.add(next)) {
        ContentGraph.children(store, next).forEach(open::push);
      }
    }
  }

  private Collected sweep() throws IOException {
    int blobs = 0;
    long bytes = 0;
    for (Digest digest : store.stored("blobs")) {
      if (!used.contains(digest)) {
        bytes += Files.size(store.path(digest));
        trash(store.path(digest));
        blobs++;
      }
    }
    int layers = 0;
    for (Digest digest : store.stored("layers")) {
      if (!used.contains(digest)) {
        trash(store.directory("layers").resolve(digest.algorithm()).resolve(digest.hex()));
        layers++;
      }
    }
    return new Collected(blobs, layers, bytes);
  }

  /// Removes what is coming in if nobody is bringing it any more. What has another name is not the store's and stays.
  private void sweepIncoming() throws IOException {
    for (Path file : store.entries(store.directory("incoming"))) {
      Optional<String> lock = lockOf(file.getFileName().toString());
      Optional<StoreLocks.Held> idle = lock.flatMap(store.locks()::tryExclusive);
      if (idle.isPresent()) {
        trash(file);
        idle.get().close();
      }
    }
  }

  /// The lock under which a file or directory in `incoming` is worked on.
  private static Optional<String> lockOf(String name) {
    if (name.startsWith("new-")) {
      return Optional.of("new " + name.substring("new-".length()));
    }
    boolean isLayer = name.startsWith("layer-");
    String digest = (isLayer ? name.substring("layer-".length()) : name).replaceFirst("-", ":");
    return Digest.find(digest).map(known -> (isLayer ? "layer " : "blob ") + known);
  }

  private void trash(Path path) throws IOException {
    Files.move(path, store.directory("trash").resolve(UUID.randomUUID().toString()), StandardCopyOption.ATOMIC_MOVE);
  }

  private void emptyTrash() {
    if (store.entries(store.directory("trash")).isEmpty()) {
      return;
    }
    // Another collector may be at the same; a name that has gone meanwhile is as good as removed.
    try (var files = new FileAt();
        Fd trash = FileAt.openDirectory(store.directory("trash"))) {
      for (byte[] name : files.list(trash)) {
        files.removeTree(trash, name);
      }
    }
  }
}
