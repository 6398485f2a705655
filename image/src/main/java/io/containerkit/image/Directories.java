package io.containerkit.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/// Files and directories of a store: open to their owner alone, and replaced whole or not at all.
final class Directories {

  private static final FileAttribute<?> OWNER_DIRECTORY = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> OWNER_FILE = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private Directories() {}

  /// Makes a directory for its owner alone, and those above it.
  static void create(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, OWNER_DIRECTORY);
    }
  }

  /// Makes the directory that a file is to be in, for its owner alone.
  static void createParent(Path file) throws IOException {
    create(parent(file));
  }

  /// Makes an empty file for its owner alone, unless there is one.
  static void createFile(Path file) throws IOException {
    try {
      Files.createFile(file, OWNER_FILE);
    } catch (FileAlreadyExistsException raced) {
      // Another process was first with the same empty file.
      assert Files.exists(file) : raced;
    }
  }

  /// Writes a file so that after a crash at any instant there is the old content or the new one.
  ///
  /// @param temporary where to write first: a name that nobody else uses, on the same file system
  static void replace(Path file, byte[] content, Path temporary) throws IOException {
    try {
      Files.createFile(temporary, OWNER_FILE);
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        for (var bytes = ByteBuffer.wrap(content); bytes.hasRemaining(); ) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      publish(temporary, file);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /// Gives a file whose content is on the disk its final name, for good.
  static void publish(Path temporary, Path file) throws IOException {
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    sync(parent(file));
  }

  private static Path parent(Path file) {
    return Objects.requireNonNull(file.getParent(), "a file of a store is in a directory");
  }

  /// Has a directory's names written to the disk.
  static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
