package io.containerkit.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// What a container has outside of its directory.
///
/// @param owned files and trees that are removed with the container, in this order
/// @param volumes the directories of the volumes that are its own, which are kept where that is wanted
record Belongings(List<Path> owned, List<Path> volumes) {

  static final Belongings NONE = new Belongings(List.of(), List.of());

  Belongings {
    owned = List.copyOf(owned);
    volumes = List.copyOf(volumes);
  }

  /// Removes it; what is gone already is as good.
  ///
  /// @param andVolumes whether its volumes go, too, unless another container has come to have them
  void remove(String id, boolean andVolumes) {
    if (!owned.isEmpty()) {
      Storage.remove(id, owned);
    }
    if (andVolumes) {
      for (Path volume : volumes) {
        Path root = Objects.requireNonNull(volume.getParent());
        new VolumeDirectory(root, volume.getFileName().toString()).remove();
      }
    }
  }
}
