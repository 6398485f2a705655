package io.containerkit.runtime;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a runtime keeps of its containers below its root. Looked at only where asking the runtime itself comes too late: before a
/// creation, which it could damage, and after one that broke off, of which it may know nothing.
final class StateDirectory {

  private final Path root;
  private final Dialect dialect;

  StateDirectory(Settings settings, Dialect dialect) {
    this.root = settings.root();
    this.dialect = dialect;
  }

  /// Whether there is anything of a container.
  boolean holds(String id) {
    return dialect.is(Dialect.Trait.SANDBOXED) ? !files(id).isEmpty() : Files.exists(root.resolve(id));
  }

  private List<Path> files(String id) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(root, file -> dialect.isStateOf(file.getFileName().toString(), id))) {
      all.forEach(files::add);
    } catch (NoSuchFileException _) {
      // no root, no containers
    } catch (IOException e) {
      throw IoFailure.of(root, root + " cannot be listed", e);
    }
    return files;
  }

  /// Removes what is left of a container that the runtime no longer knows.
  void remove(String id) throws IOException {
    for (Path file : files(id)) {
      Trees.remove(file);
    }
  }
}
