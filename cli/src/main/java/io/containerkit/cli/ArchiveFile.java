package io.containerkit.cli;

import io.containerkit.linux.Fd;
import io.containerkit.linux.Terminal;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/// Archives in files, or in the standard streams of ckit.
final class ArchiveFile {

  private static final int BUFFER = 1 << 17;

  private ArchiveFile() {}

  /// Writes an archive.
  interface Content {
    void writeTo(OutputStream out) throws IOException, InterruptedException;
  }

  /// Something that reads an archive.
  interface Reader<T> {
    T read(InputStream in) throws InterruptedException;
  }

  /// Writes a file, whole or not at all; without one, to standard output.
  ///
  /// @throws UsageException if standard output is a terminal
  static void write(Optional<Path> file, Content content) throws InterruptedException {
    if (file.isPresent()) {
      writeFile(file.get().toAbsolutePath(), content);
      return;
    }
    if (Terminal.isTerminal(Fd.borrow(1))) {
      throw new UsageException("an archive is not written to a terminal: redirect the output, or name a file with --output");
    }
    // Past the session's stream, which would not tell of a full disk.
    try (OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER)) {
      content.writeTo(out);
    } catch (IOException e) {
      throw HostFacts.failure("write", Path.of("standard output"), e);
    }
  }

  private static void writeFile(Path file, Content content) throws InterruptedException {
    boolean special = Files.exists(file) && !Files.isRegularFile(file);
    Path temporary = special ? file : file.resolveSibling("." + file.getFileName() + "." + ProcessHandle.current().pid());
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary), BUFFER)) {
        content.writeTo(out);
      }
      if (!special) {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw HostFacts.failure("write", file, e);
    } finally {
      if (!special) {
        remove(temporary);
      }
    }
  }

  private static void remove(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      throw HostFacts.failure("remove", temporary, e);
    }
  }

  /// Reads a file; without one, standard input.
  ///
  /// @throws UsageException if standard input is a terminal
  static <T> T read(Optional<Path> file, Reader<T> reader) throws InterruptedException {
    if (file.isEmpty() && Terminal.isTerminal(Fd.borrow(0))) {
      throw new UsageException("an archive is not read from a terminal: redirect the input, or name a file with --input");
    }
    try (InputStream in = file.isPresent() ? Files.newInputStream(file.get()) : new FileInputStream(FileDescriptor.in)) {
      return reader.read(in);
    } catch (IOException e) {
      throw HostFacts.failure("read", file.orElse(Path.of("standard input")), e);
    }
  }
}
