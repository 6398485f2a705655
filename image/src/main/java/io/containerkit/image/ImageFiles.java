package io.containerkit.image;

import io.containerkit.linux.Errno;
import io.containerkit.linux.Fd;
import io.containerkit.linux.FileAt;
import io.containerkit.linux.Openat2;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.KernelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The files of an image layout or of an archive that `docker save` has written, by their names in it.
interface ImageFiles {

  /// Whether there is a file of this name.
  boolean contains(String name);

  /// Opens a file.
  ///
  /// @throws MalformedException if there is none
  InputStream open(String name) throws IOException;

  /// Reads a document.
  default byte[] read(String name) throws IOException {
    try (InputStream in = open(name)) {
      byte[] content = in.readNBytes(Document.MAX_BYTES + 1);
      if (content.length > Document.MAX_BYTES) {
        throw new MalformedException(name + " is longer than " + Document.MAX_BYTES + " bytes");
      }
      return content;
    }
  }

  /// The name of some content in an OCI image layout.
  static String blob(Digest digest) {
    return "blobs/" + digest.algorithm() + "/" + digest.hex();
  }

  /// The files of a directory, which somebody else has filled: its documents name files in it, and neither an absolute name nor `..` nor a
  /// link leads to any other.
  final class OfDirectory implements ImageFiles, AutoCloseable {

    private static final Set<Integer> NO_SUCH_NAME = Set.of(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.ENAMETOOLONG);

    private final Fd root;

    OfDirectory(Path directory) {
      root = FileAt.openDirectory(directory);
    }

    @Override
    public boolean contains(String name) {
      try (Fd file = find(name)) {
        return file != null;
      }
    }

    @Override
    public InputStream open(String name) throws IOException {
      try (Fd file = find(name)) {
        if (file == null) {
          throw new MalformedException("there is no file " + Quoted.of(name) + " in it");
        }
        return Files.newInputStream(file.path());
      }
    }

    private @Nullable Fd find(String name) {
      Fd file;
      try {
        file = Openat2.openPath(root, Path.of(name));
      } catch (InvalidPathException noSuchName) {
        return null;
      } catch (KernelException e) {
        if (NO_SUCH_NAME.contains(e.errno())) {
          return null;
        }
        throw e;
      }
      if (Files.isRegularFile(file.path())) {
        return file;
      }
      file.close();
      return null;
    }

    @Override
    public void close() {
      root.close();
    }
  }

  /// The files of an archive, kept in a directory of the store while they are used: an archive can be read only from front to back, and
  /// what tells its content may come last. Their names are ours, so nothing in the archive can name a place.
  final class OfArchive implements ImageFiles, AutoCloseable {

    private static final int MOST_FILES = 100_000;

    private final Path directory;
    private final StoreLocks.Held lock;
    private final Map<TreePath, Path> files = new HashMap<>();
    private final Map<TreePath, TreePath> links = new HashMap<>();

    OfArchive(ContentStore store, InputStream archive, UnpackLimits limits) throws IOException, InterruptedException {
      String id = UUID.randomUUID().toString();
      lock = store.locks().exclusive("new " + id);
      directory = store.directory("incoming").resolve("new-" + id);
      boolean complete = false;
      try {
        Directories.create(directory);
        spool(new TarReader(Compression.decompress(archive)), limits);
        complete = true;
      } finally {
        if (!complete) {
          close();
        }
      }
    }

    private void spool(TarReader tar, UnpackLimits limits) throws IOException {
      long total = 0;
      for (TarEntry entry; (entry = tar.next()) != null; ) {
        total += entry.size();
        if (files.size() + links.size() > MOST_FILES || total > limits.bytes()) {
          throw new MalformedException("holds more than " + MOST_FILES + " files or " + limits.bytes() + " bytes");
        }
        switch (entry.kind()) {
          case REGULAR -> files.put(entry.path(), write(entry, tar));
          case HARD_LINK -> links.put(entry.path(), TreePath.of(entry.link()));
          // docker save once wrote a layer that two images share as a link from one to the other: ../ID/layer.tar
          case SYMBOLIC_LINK -> links.put(entry.path(), sibling(entry));
          default -> {}
        }
      }
    }

    private static TreePath sibling(TarEntry entry) throws MalformedException {
      String link = new String(entry.link(), StandardCharsets.ISO_8859_1);
      boolean up = link.startsWith("../");
      TreePath base = up ? entry.path().parent().parent() : entry.path().parent();
      byte[] rest = (up ? link.substring(3) : link).getBytes(StandardCharsets.ISO_8859_1);
      return base.isRoot() ? TreePath.of(rest) : base.child(TreePath.of(rest).bytes());
    }

    private Path write(TarEntry entry, TarReader tar) throws IOException {
      if (entry.isSparse()) {
        throw new MalformedException(entry.path() + " is a sparse file");
      }
      Path file = directory.resolve(Integer.toString(files.size()));
      byte[] buffer = new byte[1 << 16];
      try (var out = Files.newOutputStream(file)) {
        for (int count; (count = tar.read(buffer, 0, buffer.length)) >= 0; ) {
          out.write(buffer, 0, count);
        }
      }
      return file;
    }

    @Override
    public boolean contains(String name) {
      return find(name) != null;
    }

    @Override
    public InputStream open(String name) throws IOException {
      Path file = find(name);
      if (file == null) {
        throw new MalformedException("there is no file " + Quoted.of(name) + " in it");
      }
      return Files.newInputStream(file);
    }

    private @Nullable Path find(String name) {
      try {
        TreePath path = TreePath.of(name.getBytes(StandardCharsets.UTF_8));
        return files.get(links.getOrDefault(path, path));
      } catch (MalformedException noSuchName) {
        return null;
      }
    }

    @Override
    public void close() {
      try (lock) {
        for (Path file : files.values()) {
          Files.deleteIfExists(file);
        }
        // Also one that was being written when the archive turned out to be cut.
        Files.deleteIfExists(directory.resolve(Integer.toString(files.size())));
        Files.deleteIfExists(directory);
      } catch (IOException e) {
        throw new ImageException(ErrorKind.IO, directory.toString(), "cannot remove " + directory + ": " + e.getMessage(), e);
      }
    }
  }
}
