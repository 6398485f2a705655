package io.containerkit.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The contents of the host's files, one after the other, and from the beginning again when there are no more: what images hold.
final class HostFiles {

  private static final Path TREE = Path.of("/usr");
  private static final int FILES_IN_DIRECTORY = 500;
  private static final int FEW = 1_000_000;
  private static final int LARGE = 1 << 20;
  private static final int SMALL = 1 << 11;

  private final byte[] buffer = new byte[LARGE];
  private final List<Path> files;
  private int number;

  HostFiles() throws IOException {
    try (Stream<Path> found = Files.find(TREE, Integer.MAX_VALUE, (_, file) -> file.isRegularFile() && file.size() > 0)) {
      files = found.sorted().toList();
    }
  }

  /// Fills an empty directory with files until there are so many bytes or so many files. Where the number of files is what matters, they
  /// are small.
  ///
  /// @return how many bytes they have
  long copy(long bytes, int count, Path into) throws IOException {
    int largest = count < FEW ? SMALL : LARGE;
    long copied = 0;
    Path directory = into;
    for (int i = 0; i < count && copied < bytes; i++) {
      if (i % FILES_IN_DIRECTORY == 0) {
        directory = Files.createDirectory(into.resolve("d" + i));
      }
      try (InputStream in = Files.newInputStream(files.get(number++ % files.size()))) {
        int length = in.readNBytes(buffer, 0, (int) Math.min(bytes - copied, largest));
        Files.write(directory.resolve("f" + i), Arrays.copyOf(buffer, length));
        copied += length;
      }
    }
    return copied;
  }
}
