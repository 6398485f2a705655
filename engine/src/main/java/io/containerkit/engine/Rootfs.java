package io.containerkit.engine;

import java.nio.file.Path;
import java.util.List;

/// Where a container's root file system comes from.
public sealed interface Rootfs {

  /// Layers that are only read, under a writable layer that is thrown away with the container. Nothing under `lower` is ever
  /// written. The writable layer is held in memory.
  ///
  /// @param lower directories, the uppermost first
  record Overlay(List<Path> lower) implements Rootfs {

    /// Copies the list; refuses an empty one.
    public Overlay {
      lower = lower.stream().map(Rootfs::absolute).toList();
      if (lower.isEmpty()) {
        throw new IllegalArgumentException("an overlay needs at least one lower directory");
      }
    }
  }

  /// A directory that the container writes in place.
  ///
  /// @param directory the root, as the container sees it
  record InPlace(Path directory) implements Rootfs {

    /// Makes the path absolute.
    public InPlace {
      directory = absolute(directory);
    }
  }

  /// The host's own tree, only read, under a throw-away writable layer. Other file systems that are mounted in the host's tree are
  /// not part of it.
  static Rootfs host() {
    return readOnly(Path.of("/"));
  }

  /// A directory, only read, under a throw-away writable layer.
  static Rootfs readOnly(Path directory) {
    return new Overlay(List.of(directory));
  }

  /// A directory that the container writes in place.
  static Rootfs writable(Path directory) {
    return new InPlace(directory);
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }
}
