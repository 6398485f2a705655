package io.containerkit.engine;

import io.containerkit.linux.Fd;
import io.containerkit.linux.FileAt;
import io.containerkit.linux.FileStat;
import io.containerkit.linux.FileType;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.KernelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The directories that a root made by somebody else must have before anything is mounted in it. No link in the root leads out of it.
final class RootDirectories implements AutoCloseable {

  /// What runtimes mount on, or the engine puts files of its own in. A link in their place would have a mount end up elsewhere.
  private static final List<String> MOUNTED_ON = List.of("dev", "proc", "sys", "etc");

  private static final int SEARCHABLE = 0755;

  private final FileAt files = new FileAt();
  private final Path path;
  private final Fd root;

  /// @param path the root as it is seen here
  RootDirectories(Path path) {
    this.path = path;
    this.root = FileAt.openDirectory(path);
  }

  /// Checks a root.
  ///
  /// @param root as it is seen here
  /// @throws ImageException of kind `INVALID_CONFIG` if something else is in the place of a directory
  static void check(Path root) {
    try (RootDirectories directories = new RootDirectories(root)) {
      MOUNTED_ON.forEach(directories::requireReal);
    }
  }

  private void requireReal(String name) {
    Optional<FileStat> there = files.stat(root, bytes(name));
    if (there.isPresent() && there.get().type() != FileType.DIRECTORY) {
      throw refused("/" + name, "is no directory but of type " + there.get().type(), null);
    }
  }

  /// Adds a directory and those above it where they are missing, owned by root, as Docker has it.
  ///
  /// @param wanted as the container sees it
  /// @return the directory, which the caller closes
  /// @throws ImageException of kind `INVALID_CONFIG` if something else is in the place of a directory
  Fd make(String wanted) {
    List<String> parts = ContainerPath.of(wanted).parts();
    try {
      for (int depth = 0; depth < parts.size(); depth++) {
        makeOne(relative(parts.subList(0, depth)), bytes(parts.get(depth)));
      }
      return files.openInRoot(root, relative(parts));
    } catch (KernelException e) {
      throw refused(wanted, "cannot be made a directory: " + e.getMessage(), e);
    }
  }

  private static byte[] relative(List<String> parts) {
    return bytes(parts.isEmpty() ? "." : String.join("/", parts));
  }

  /// Makes a directory in one that exists, unless the name is taken.
  private void makeOne(byte[] parent, byte[] name) {
    try (Fd in = files.openInRoot(root, parent)) {
      if (files.mkdir(in, name, SEARCHABLE)) {
        try (Fd made = files.openDirectory(in, name)) {
          // Whatever this process' umask is.
          files.chmod(made, SEARCHABLE);
        }
      }
    }
  }

  private ImageException refused(String place, String why, @Nullable Throwable cause) {
    return new ImageException(ErrorKind.INVALID_CONFIG, place, "the root " + path + " cannot be used: " + place + " in it " + why, cause);
  }

  private static byte[] bytes(String path) {
    return path.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    root.close();
    files.close();
  }
}
