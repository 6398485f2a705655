package io.containerkit.engine;

import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The files in which the containers of this boot are known to every process that shares them:
///
/// ```
/// STATE/runtime/NAME/       the runtime's own state root
/// STATE/work/TOKEN/         the files of the runtime's commands in flight, one directory for each owner
/// STATE/containers/ID/      one directory for each container
///   owner                   the owner's token, or `detached`
///   journal                 what is needed to undo it, see [Journal]
///   config.json, rootfs/    the bundle, where the engine makes it
/// ```
///
/// A container's directory is made under a private name, its owner inside, and then renamed to its id: there is no instant at which
/// an id is taken by nobody, and the rename is what makes an id exclusive among processes. Both private names, `.new-ID-TOKEN` while it
/// is made and `.old-ID-TOKEN` while it is removed, end in the token of the process at work, so that its lifeline finds them.
final class StateDirectory {

  static final String DETACHED = "detached";

  private static final FileAttribute<?> SEARCHABLE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x"));

  private final Path root;
  private final String token;

  /// @param token what this process's containers carry in `owner`
  StateDirectory(Path root, String token) {
    this.root = root;
    this.token = token;
  }

  String token() {
    return token;
  }

  Path root() {
    return root;
  }

  Path containers() {
    return root.resolve("containers");
  }

  Path runtimeRoot(String runtime) {
    return root.resolve("runtime").resolve(runtime);
  }

  /// Where this process's commands of the runtime have their files while they run. The path is short for the sake of sockets.
  Path work() {
    return root.resolve("work").resolve(token);
  }

  /// The directory of a container, which need not exist.
  Path container(String id) {
    return containers().resolve(id);
  }

  /// Takes an id until [#remove]. The container belongs to the holder of the token from the first instant.
  Path reserve(String id) {
    Path staging = containers().resolve(".new-" + id + "-" + token);
    Path directory = container(id);
    try {
      create(containers());
      Files.createDirectory(staging, SEARCHABLE);
      Files.writeString(staging.resolve("owner"), token + "\n");
      // rename(2) replaces an empty directory only, and none here is ever empty.
      Files.move(staging, directory, StandardCopyOption.ATOMIC_MOVE);
      return directory;
    } catch (IOException e) {
      discard(staging, e);
      if (Files.isDirectory(directory)) {
        throw new EngineException(
            ErrorKind.ALREADY_EXISTS, id, "container \"" + id + "\" exists already: choose another id or delete it first", e);
      }
      throw failure(id, "cannot reserve container \"" + id + "\" in " + containers(), e);
    }
  }

  /// Writes a file of a container that others may read at any instant: whole or not at all.
  void write(Path directory, String name, String content) {
    Path temporary = directory.resolve(name + ".tmp");
    try {
      Files.writeString(temporary, content);
      Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failure(directory.getFileName().toString(), "cannot write " + directory.resolve(name), e);
    }
  }

  /// The lines of one of a container's files, or nothing where the container or the file does not exist.
  Optional<List<String>> read(String id, String name) {
    Path file = container(id).resolve(name);
    try {
      return Optional.of(Files.readAllLines(file));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException e) {
      throw failure(id, "cannot read " + file, e);
    }
  }

  /// The token of a container's owner, or [#DETACHED]; nothing where there is no such container.
  Optional<String> owner(String id) {
    return read(id, "owner").map(lines -> lines.isEmpty() ? "" : lines.getFirst());
  }

  /// The ids of all containers.
  List<String> ids() {
    return entries(containers()).stream().filter(name -> !name.startsWith(".")).sorted().toList();
  }

  /// The tokens of all who left anything here, and [#DETACHED] if a container is.
  Set<String> owners() {
    Set<String> owners = new HashSet<>(entries(root.resolve("work")));
    for (String name : entries(containers())) {
      if (name.startsWith(".")) {
        owners.add(name.substring(name.lastIndexOf('-') + 1));
      } else {
        owner(name).ifPresent(owners::add);
      }
    }
    return owners;
  }

  private static List<String> entries(Path directory) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        names.add(entry.getFileName().toString());
      }
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (IOException e) {
      throw failure("", "cannot list " + directory, e);
    }
    return names;
  }

  /// Removes what only this process used, once its containers are gone.
  void close() {
    try {
      if (Files.isDirectory(work())) {
        deleteTree(work());
      }
    } catch (IOException e) {
      throw failure("", "cannot remove " + work(), e);
    }
  }

  /// Removes a container's directory and with it its claim to the id. Nothing is mounted below it in the host's namespace.
  void remove(Path directory) {
    // Out of the way first: the id is free at once, and a half-removed directory is never taken for a container.
    Path aside = containers().resolve(".old-" + directory.getFileName() + "-" + token);
    try {
      Files.move(directory, aside, StandardCopyOption.ATOMIC_MOVE);
      deleteTree(aside);
    } catch (NoSuchFileException gone) {
      // Another process removed it: what was wanted.
      return;
    } catch (IOException e) {
      throw failure(directory.getFileName().toString(), "cannot remove " + directory, e);
    }
  }

  void create(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, SEARCHABLE);
    }
  }

  private static void deleteTree(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void discard(Path staging, Exception cause) {
    try {
      Files.deleteIfExists(staging.resolve("owner"));
      Files.deleteIfExists(staging);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  static EngineException failure(String id, String what, IOException cause) {
    String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    ErrorKind kind =
        reason.contains("No space left") || reason.contains("Disk quota") ? ErrorKind.NO_SPACE : ErrorKind.IO;
    return new EngineException(kind, id, what + ": " + reason, cause);
  }
}
