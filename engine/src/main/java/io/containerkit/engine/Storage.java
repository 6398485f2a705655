package io.containerkit.engine;

import io.containerkit.image.ContentStore;
import io.containerkit.image.Image;
import io.containerkit.image.Lease;
import io.containerkit.linux.Fd;
import io.containerkit.linux.FileAt;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.KernelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/// What a container of an image has beside the images: a lease, which keeps the image from being collected, and a directory with the
/// writable layer (docs/decisions/0007).
///
/// Its name starts with the boot, for a container does not outlive that, but files do. The directory is made before the lease and removed
/// after it: where there is a lease, there is a directory to tell of it.
///
/// @param name the name of both, unique in the store
record Storage(ContentStore store, String name) {

  private static final String CONTAINERS = "containers";

  /// Storage under a name that is not in use. Nothing is made yet.
  static Storage named(ContentStore store) {
    return new Storage(store, newName());
  }

  /// A name for what a container has outside of its directory, which tells the boot.
  static String newName() {
    return Token.currentBoot() + "-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
  }

  /// What has to be removed with the container, in this order.
  List<Path> paths() {
    return List.of(store.leasePath(name), directory());
  }

  /// Where changes go.
  Path upper() {
    return directory().resolve("upper");
  }

  /// What overlay needs for itself.
  Path work() {
    return directory().resolve("work");
  }

  /// An empty directory to mount something on, beside an upper one.
  static Path place(Path upper) {
    return upper.resolveSibling("below");
  }

  private Path directory() {
    return store.root().resolve(CONTAINERS).resolve(name);
  }

  /// Makes the directories and takes the lease.
  Lease make(String id, Image image) {
    try {
      Files.createDirectories(directory(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      for (Path made : List.of(upper(), work(), place(upper()))) {
        Files.createDirectory(made);
      }
    } catch (IOException e) {
      throw StateDirectory.failure(id, "cannot make the writable layer of container \"" + id + "\" in " + directory(), e);
    }
    Lease lease = store.lease(name);
    lease.keep(image.target().digest());
    lease.keep(image.descriptor().digest());
    return lease;
  }

  /// Removes what a container has outside of its own directory; what is gone already is as good.
  static void remove(String id, List<Path> paths) {
    for (Path path : paths) {
      remove(id, path);
    }
  }

  private static void remove(String id, Path path) {
    // By descriptors: a container can give its files names that no path of Java's can have.
    try (FileAt files = new FileAt();
        Fd parent = FileAt.openDirectory(Objects.requireNonNull(path.getParent()))) {
      files.removeTree(parent, path.getFileName().toString().getBytes(StandardCharsets.UTF_8));
    } catch (KernelException e) {
      if (e.kind() == ErrorKind.NOT_FOUND) {
        return;
      }
      throw new EngineException(e.kind(), id, "cannot remove " + path + " of container \"" + id + "\": " + e.getMessage(), e);
    }
  }

  /// Removes what the containers of earlier boots have left: their journals went with the boot.
  static void sweep(ContentStore store) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(store.root().resolve(CONTAINERS))) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!name.startsWith(Token.currentBoot() + "-")) {
          remove(name, new Storage(store, name).paths());
        }
      }
    } catch (NoSuchFileException none) {
      // No container has had an image yet.
      return;
    } catch (IOException e) {
      throw StateDirectory.failure("", "cannot list the writable layers in " + store.root(), e);
    }
  }
}
