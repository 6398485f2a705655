package io.containerkit.bench;

import io.containerkit.spec.ProcessSpec;
import io.containerkit.spec.Root;
import io.containerkit.spec.Spec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// A temporary directory with a small root file system, bundles on it, and the state and scratch directories of contenders.
///
/// The root file system holds busybox as `/bin/true`, and the programs `/exit-stamp` and `/idle` of the peers.
final class Workspace implements AutoCloseable {

  private static final Path BUSYBOX = Path.of("/bin/busybox");

  private final Path directory;

  private Workspace(Path directory) {
    this.directory = directory;
  }

  /// Makes a workspace with the programs that `build-peers` has put into `peers`.
  static Workspace create(Path peers) throws IOException {
    Workspace workspace = new Workspace(Files.createTempDirectory("ckit-bench"));
    Path bin = Files.createDirectories(workspace.rootfs().resolve("bin"));
    Files.copy(BUSYBOX, bin.resolve("true"));
    for (String program : List.of("exit-stamp", "idle")) {
      Files.copy(peers.resolve(program), workspace.rootfs().resolve(program));
    }
    return workspace;
  }

  Path rootfs() {
    return directory.resolve("rootfs");
  }

  /// Makes, or finds, a directory of that name.
  Path directory(String name) throws IOException {
    return Files.createDirectories(directory.resolve(name));
  }

  /// Makes a bundle for a container of that command on this small root file system.
  Path bundle(String... command) throws IOException {
    return bundle(Root.of(rootfs().toString(), false), command);
  }

  /// Makes a bundle with the default configuration but for the root file system and the command.
  Path bundle(Root root, String... command) throws IOException {
    Path bundle = Files.createTempDirectory(directory, "bundle");
    Spec.defaults().toBuilder()
        .root(root)
        .process(process(command))
        .build()
        .write(bundle.resolve("config.json"));
    return bundle;
  }

  /// Returns the process that the default configuration would run, with another command.
  static ProcessSpec process(String... command) {
    return Objects.requireNonNull(Spec.defaults().process()).toBuilder().args(command).build();
  }

  /// Removes everything.
  @Override
  public void close() throws IOException {
    deleteTree(directory);
  }

  /// Removes a directory with all that is in it.
  static void deleteTree(Path tree) throws IOException {
    try (Stream<Path> paths = Files.walk(tree)) {
      paths.sorted(Comparator.reverseOrder()).forEach(Workspace::delete);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
