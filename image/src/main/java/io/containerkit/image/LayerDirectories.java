package io.containerkit.image;

import io.containerkit.linux.Fd;
import io.containerkit.linux.FileAt;
import io.containerkit.linux.FileType;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.KernelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// The directories of unpacked layers: made in private, given their name when they are whole.
///
/// Thousands of files are not worth waiting for the disk: a layer counts in the boot that made it at once, and in later boots if it
/// was seen on the disk before. Seeing to that is left to whoever finds it a minute later, when the kernel has written it by itself.
/// After a crash of the machine, what had not come that far is unpacked again.
final class LayerDirectories {

  private static final String FILES = "fs";
  private static final String RECORD = "layer.json";
  private static final String BOOT = "boot";
  private static final String ON_DISK = "on-disk";
  private static final Duration WRITTEN_BY_ITSELF = Duration.ofSeconds(60);
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final ContentStore store;

  LayerDirectories(ContentStore store) {
    this.store = store;
  }

  /// A layer that is whole.
  record Layer(Path files, LayerRecord record) {}

  /// Fills a directory with files.
  interface Maker {
    LayerRecord fill(FileAt files, Fd root) throws IOException;
  }

  StoreLocks.Held lock(Digest digest) throws InterruptedException {
    return store.locks().exclusive("layer " + digest);
  }

  Optional<Layer> find(Digest digest) {
    Path directory = path(digest);
    try {
      if (!isUsable(directory)) {
        return Optional.empty();
      }
      return Optional.of(new Layer(directory.resolve(FILES), LayerRecord.read(directory.resolve(RECORD))));
    } catch (IOException e) {
      throw Unpacking.failed("layer " + digest, e);
    }
  }

  private static boolean isUsable(Path directory) throws IOException {
    if (Files.exists(directory.resolve(ON_DISK))) {
      return true;
    }
    String boot;
    Instant made;
    try {
      boot = Files.readString(directory.resolve(BOOT));
      made = Files.getLastModifiedTime(directory.resolve(BOOT)).toInstant();
    } catch (NoSuchFileException absent) {
      return false;
    }
    if (!boot.equals(bootId())) {
      return false;
    }
    if (made.plus(WRITTEN_BY_ITSELF).isBefore(Instant.now())) {
      try (Fd root = FileAt.openDirectory(directory)) {
        FileAt.syncFileSystem(root);
      }
      Directories.createFile(directory.resolve(ON_DISK));
    }
    return true;
  }

  /// Makes a layer. Its lock must be held.
  Layer publish(Digest digest, Maker maker) throws IOException {
    Path staging = store.directory("incoming").resolve("layer-" + digest.algorithm() + "-" + digest.hex());
    Path target = path(digest);
    try (var files = new FileAt()) {
      // What a killed process left, or a layer that a crash of the machine may have damaged.
      discard(files, staging);
      discard(files, target);
      Directories.create(staging.resolve(FILES));
      LayerRecord record;
      try (Fd root = FileAt.openDirectory(staging.resolve(FILES))) {
        record = maker.fill(files, root);
      } catch (IOException | RuntimeException | Error e) {
        discardAfter(e, files, staging);
        throw e;
      }
      Files.write(staging.resolve(RECORD), record.toBytes());
      Files.writeString(staging.resolve(BOOT), bootId());
      Directories.createParent(target);
      // No fsync: on ext4 it would write out the thousands of files before it as well.
      Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
      return new Layer(target.resolve(FILES), record);
    }
  }

  private void discard(FileAt files, Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    // By another name first: a layer is never seen in part.
    Path trash = store.directory("trash").resolve(UUID.randomUUID().toString());
    Files.move(directory, trash);
    try (Fd parent = FileAt.openDirectory(store.directory("trash"))) {
      files.removeTree(parent, trash.getFileName().toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  private void discardAfter(Throwable failure, FileAt files, Path staging) {
    try {
      discard(files, staging);
    } catch (IOException | KernelException e) {
      failure.addSuppressed(e);
    }
  }

  /// The form in which layers can be unpacked here, found by trying.
  LayerForm form() {
    String name = "new-" + UUID.randomUUID();
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    try (StoreLocks.Held _ = store.lockShared();
        var files = new FileAt();
        Fd incoming = FileAt.openDirectory(store.directory("incoming"))) {
      files.mkdir(incoming, bytes, OpenDirectories.PRIVATE);
      try (Fd probe = files.openDirectory(incoming, bytes)) {
        files.mknod(probe, new byte[] {'w'}, FileType.CHARACTER_DEVICE, 0, 0, 0);
        files.setXattr(incoming, bytes, LayerExtractor.OVERLAY_OPAQUE, new byte[] {'y'});
        boolean visible = files.stat(probe, new byte[] {'w'}).map(LayerExtractor::isWhiteout).orElse(false);
        return visible ? LayerForm.OVERLAY : LayerForm.MARKERS;
      } catch (KernelException e) {
        if (e.kind() == ErrorKind.PERMISSION_DENIED || e.kind() == ErrorKind.UNSUPPORTED || e.kind() == ErrorKind.IO) {
          return LayerForm.MARKERS;
        }
        throw e;
      } finally {
        files.removeTree(incoming, bytes);
      }
    } catch (KernelException e) {
      throw new ImageException(e.kind(), "store " + store.root(), "store " + store.root() + ": " + e.getMessage(), e);
    }
  }

  private Path path(Digest digest) {
    return store.directory("layers").resolve(digest.algorithm()).resolve(digest.hex());
  }

  private static String bootId() throws IOException {
    return Files.readString(BOOT_ID).strip();
  }
}
