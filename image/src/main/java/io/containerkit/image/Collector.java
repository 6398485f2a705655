package io.containerkit.image;

import io.containerkit.image.ContentStore.Collected;
import io.containerkit.image.ContentStore.Reference;
import io.containerkit.linux.Fd;
import io.containerkit.linux.FileAt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
      for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
        mark(Digest.of(line));
      }
    }
  }

  private void mark(Digest digest) throws IOException {
    if (used.add(digest)) {
      for (Digest child : ContentGraph.children(store, digest)) {
        mark(child);
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

  /// Removes what is coming in if nobody is bringing it any more.
  private void sweepIncoming() throws IOException {
    for (Path file : store.entries(store.directory("incoming"))) {
      String name = file.getFileName().toString();
      Optional<StoreLocks.Held> idle = store.locks().tryExclusive(lockOf(name));
      if (idle.isPresent()) {
        trash(file);
        idle.get().close();
      }
    }
  }

  /// The lock under which a file or directory in `incoming` is worked on.
  private static String lockOf(String name) {
    int dash = name.indexOf('-');
    String kind = name.substring(0, dash);
    String rest = name.substring(dash + 1);
    return switch (kind) {
      case "layer" -> "layer " + rest.replaceFirst("-", ":");
      case "new" -> "new " + rest;
      default -> "blob " + kind + ":" + rest;
    };
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
