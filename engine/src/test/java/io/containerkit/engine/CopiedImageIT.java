package io.containerkit.engine;

import io.containerkit.linux.Mounts;
import io.containerkit.linux.Overlay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The suite with a store whose file system cannot hold layers of overlay, so that images are copied: an overlay itself, as in a container
/// of docker's, where no file can be the mark of a deleted one.
class CopiedImageIT extends ImageSuite {

  @Override
  String runtime() {
    return "crun";
  }

  @Override
  void mountStore(Path place) throws IOException {
    Path overlay = place.resolveSibling("overlay");
    for (String name : List.of("lower", "upper", "work")) {
      Files.createDirectories(overlay.resolve(name));
    }
    Files.createDirectory(place);
    Mounts.overlay(Overlay.of(List.of(overlay.resolve("lower")), overlay.resolve("upper"), overlay.resolve("work")), place);
  }

  @Override
  void unmountStore(Path place) {
    Mounts.unmount(place);
  }
}
