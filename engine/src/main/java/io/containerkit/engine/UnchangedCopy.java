package io.containerkit.engine;

import io.containerkit.image.Images;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A copy of a container's image as it was, to compare the container's own copy with. It lies beside that, and so goes with the container if
/// this process is killed.
///
/// @param id the container
record UnchangedCopy(String id, Path directory) implements AutoCloseable {

  static UnchangedCopy of(Images images, String id, ContainerImage image) {
    Path directory = image.files().resolveSibling("image-" + Storage.newName());
    try {
      Files.createDirectory(directory);
    } catch (IOException e) {
      throw StateDirectory.failure(id, "cannot copy the image of container \"" + id + "\" to " + directory, e);
    }
    UnchangedCopy copy = new UnchangedCopy(id, directory);
    try {
      images.snapshots().copy(image.config().diffIds(), directory);
      return copy;
    } catch (Throwable failure) {
      Closing.suppressing(failure, copy::close);
      throw failure;
    }
  }

  @Override
  public void close() {
    Storage.remove(id, List.of(directory));
  }
}
