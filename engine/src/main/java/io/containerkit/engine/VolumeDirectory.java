package io.containerkit.engine;

import io.containerkit.linux.Fd;
import io.containerkit.linux.FileAt;
import io.containerkit.linux.FileCopy;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.Json;
import io.containerkit.spec.KernelException;
import io.containerkit.spec.ObjectReader;
import io.containerkit.spec.SpecException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// The files of one volume (docs/decisions/0010).
///
/// ```
/// VOLUMES/NAME/
///   volume.json     what does not change
///   data/           what containers see
///   users/          a link to the directory of each container that has it; without users/, the volume is being removed
///   copying/        what the image has, while it is copied
///   filled/         the same, whole, while it is moved to data/
/// VOLUMES/.new-…-TOKEN, .old-…-TOKEN   while one is made or removed
/// ```
///
/// @param root the directory of all volumes
/// @param name checked
record VolumeDirectory(Path root, String name) {

  private static final AtomicLong SEQUENCE = new AtomicLong();
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration NAMES_PATIENCE = Duration.ofMinutes(1);
  private static final byte[] DATA = bytes("data");
  private static final byte[] COPYING = bytes("copying");
  private static final byte[] FILLED = bytes("filled");

  Path path() {
    return root.resolve(name);
  }

  /// What containers see.
  Path data() {
    return path().resolve("data");
  }

  /// The file by which a container has the volume.
  Path lease(String lease) {
    return path().resolve("users").resolve(lease);
  }

  /// Makes the volume unless it exists.
  void create(Map<String, String> labels, boolean anonymous) {
    if (exists()) {
      return;
    }
    Path staging = aside("new");
    try {
      Volumes.createRoot(root);
      Files.createDirectory(staging);
      Path data = Files.createDirectory(staging.resolve("data"));
      // Whatever this process' umask is: as docker has it, until the image says otherwise.
      Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.createDirectory(staging.resolve("users"));
      Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      write(staging.resolve("volume.json"), Json.writePretty(Volume.document(name, now, labels, anonymous)));
      publish(staging);
    } catch (IOException e) {
      Closing.suppressing(e, () -> Storage.remove(name, List.of(staging)));
      throw failure("cannot make", e);
    }
  }

  private boolean exists() {
    return Files.exists(path().resolve("users"));
  }

  private void publish(Path staging) throws IOException {
    Optional<Path> old;
    boolean taken;
    try (Fd _ = names()) {
      old = takeAwayIfRemoved();
      taken = exists();
      if (!taken) {
        Files.move(staging, path(), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(root, StandardOpenOption.READ)) {
          directory.force(true);
        }
      }
    }
    if (taken) {
      Storage.remove(name, List.of(staging));
    }
    Storage.remove(name, old.stream().toList());
  }

  /// Excludes whoever else gives and takes the names of volumes: it is one rename each.
  private Fd names() {
    Fd directory = FileAt.openDirectory(root);
    try {
      if (directory.lock(NAMES_PATIENCE)) {
        return directory;
      }
      throw new EngineException(ErrorKind.TIMED_OUT, name, "volume \"" + name + "\": " + root + " has been locked for a minute", null);
    } catch (InterruptedException e) {
      directory.close();
      Thread.currentThread().interrupt();
      throw new EngineException(ErrorKind.CANCELLED, name, "volume \"" + name + "\": interrupted", e);
    } catch (Throwable failure) {
      Closing.suppressing(failure, directory::close);
      throw failure;
    }
  }

  private static void write(Path file, byte[] content) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (ByteBuffer bytes = ByteBuffer.wrap(content); bytes.hasRemaining(); ) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /// What the volume is now; empty if there is none.
  Optional<Volume> read() {
    try {
      List<String> users = users();
      return Optional.of(Volume.of(ObjectReader.of(Json.readObject(path().resolve("volume.json")), "volume.json"), data(), users));
    } catch (NoSuchFileException | NotDirectoryException none) {
      return Optional.empty();
    } catch (IOException e) {
      throw failure("cannot read", e);
    } catch (SpecException e) {
      if (e.kind() == ErrorKind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// The ids of the containers that have it. What is left of one that is gone, as after a crash of the machine, does not count.
  private List<String> users() throws IOException {
    List<String> ids = new ArrayList<>();
    try (DirectoryStream<Path> leases = Files.newDirectoryStream(path().resolve("users"))) {
      for (Path lease : leases) {
        user(lease).ifPresent(ids::add);
      }
    }
    ids.sort(null);
    return ids;
  }

  private static Optional<String> user(Path lease) throws IOException {
    try {
      return isAlive(lease) ? Optional.of(Files.readSymbolicLink(lease).getFileName().toString()) : Optional.empty();
    } catch (NoSuchFileException released) {
      return Optional.empty();
    }
  }

  private static boolean isAlive(Path lease) {
    return lease.getFileName().toString().startsWith(Token.currentBoot() + "-") && Files.exists(lease);
  }

  /// Notes down that a container has the volume.
  ///
  /// @param container the container's directory, which exists
  /// @return false if there is no such volume any more
  boolean lease(String lease, Path container) {
    try {
      Files.createSymbolicLink(lease(lease), container);
      return true;
    } catch (NoSuchFileException gone) {
      return false;
    } catch (FileAlreadyExistsException twice) {
      // The container has it in several places.
      return true;
    } catch (IOException e) {
      throw failure("cannot use", e);
    }
  }

  /// Removes the volume unless somebody has it: who wants it needs a place in users/, which can only be removed while it is empty.
  ///
  /// @return whether it is gone
  boolean remove() {
    Path users = path().resolve("users");
    try (DirectoryStream<Path> leases = Files.newDirectoryStream(users)) {
      for (Path lease : leases) {
        if (!isAlive(lease)) {
          Files.deleteIfExists(lease);
        }
      }
      Files.delete(users);
    } catch (DirectoryNotEmptyException used) {
      return false;
    } catch (NoSuchFileException gone) {
      return true;
    } catch (IOException e) {
      throw failure("cannot remove", e);
    }
    discardIfRemoved();
    return true;
  }

  /// Removes what a process that is gone was making or removing.
  static void removeIfLeft(Path root, String entry) {
    if (!entry.startsWith(".")) {
      new VolumeDirectory(root, entry).discardIfRemoved();
    } else if (Token.parse(entry.substring(entry.lastIndexOf('-') + 1)).filter(token -> !token.isAlive()).isPresent()) {
      Storage.remove(entry, List.of(root.resolve(entry)));
    }
  }

  private void discardIfRemoved() {
    Optional<Path> old;
    try (Fd _ = names()) {
      old = takeAwayIfRemoved();
    } catch (IOException e) {
      throw failure("cannot remove", e);
    }
    Storage.remove(name, old.stream().toList());
  }

  /// Gives what is left of a removed volume a private name, so that the volume's own is free.
  private Optional<Path> takeAwayIfRemoved() throws IOException {
    if (exists() || !Files.exists(path())) {
      return Optional.empty();
    }
    return Optional.of(Files.move(path(), aside("old"), StandardCopyOption.ATOMIC_MOVE));
  }

  private Path aside(String why) {
    // The name of the volume could be as long as a file's may be, so it is not in this one.
    return root.resolve("." + why + "-" + Token.ofThisProcess(SEQUENCE.incrementAndGet()));
  }

  /// Fills the volume with a copy of a directory, if it is empty. Killed in the middle of it, the next one starts again, or goes on once
  /// the copy was whole: a volume never has a part of it.
  ///
  /// @param from nobody may change it meanwhile
  void fill(Fd from) throws InterruptedException {
    try (FileAt files = new FileAt();
        Fd directory = FileAt.openDirectory(path())) {
      if (!directory.lock(PATIENCE)) {
        throw new EngineException(ErrorKind.TIMED_OUT, name, "volume \"" + name + "\": somebody has been filling it for " + PATIENCE.toMinutes() + " minutes", null);
      }
      try (Fd data = files.openDirectory(directory, DATA)) {
        if (files.stat(directory, FILLED).isPresent()) {
          settle(files, directory, data);
        }
        if (files.list(data).isEmpty()) {
          copy(files, from, directory);
          settle(files, directory, data);
        }
      }
    } catch (KernelException e) {
      throw new EngineException(e.kind(), name, "cannot fill volume \"" + name + "\" with what the root has there: " + e.getMessage(), e);
    }
  }

  private static void copy(FileAt files, Fd from, Fd directory) {
    files.removeTree(directory, COPYING);
    files.mkdir(directory, COPYING, 0700);
    try (Fd copy = files.openDirectory(directory, COPYING)) {
      FileCopy.tree(files, from, copy);
      if (!files.list(copy).isEmpty()) {
        // Or else a crash of the machine could leave names without content, which would then pass for the volume's own.
        FileAt.syncFileSystem(copy);
      }
    } catch (KernelException e) {
      Closing.suppressing(e, () -> files.removeTree(directory, COPYING));
      throw e;
    }
    files.rename(directory, COPYING, directory, FILLED);
  }

  /// Moves what was copied to where containers see it. A container may have the volume already; what it has written meanwhile stays.
  private static void settle(FileAt files, Fd directory, Fd data) {
    try (Fd filled = files.openDirectory(directory, FILLED)) {
      for (byte[] entry : files.list(filled)) {
        if (!files.rename(filled, entry, data, entry)) {
          files.removeTree(filled, entry);
        }
      }
      FileCopy.attributes(files, filled, data);
    }
    files.removeTree(directory, FILLED);
  }

  private EngineException failure(String what, IOException cause) {
    return StateDirectory.failure(name, what + " volume \"" + name + "\" in " + root, cause);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
