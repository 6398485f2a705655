package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Keeps content of a [ContentStore] from being collected while it is added or used. Thread-safe.
public final class Lease implements AutoCloseable {

  private final ContentStore store;
  private final Path file;
  /// Held while this process lives, or null for a lease that outlives it.
  private final StoreLocks.@Nullable Held alive;
  private final Set<Digest> known = new HashSet<>();
  /// Whether the file may end with half a line, which a full disk or a killed process left: ended by the next, it means nothing.
  private boolean torn;

  Lease(ContentStore store, Path file, StoreLocks.@Nullable Held alive) {
    this.store = store;
    this.file = file;
    this.alive = alive;
    this.torn = alive == null;
    try (StoreLocks.Held _ = store.lockShared()) {
      Directories.createFile(file);
    } catch (IOException e) {
      throw Unpacking.failed("lease " + file.getFileName(), e);
    }
  }

  /// What the file of a lease keeps.
  static List<Digest> read(Path file) throws IOException {
    return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream().flatMap(line -> Digest.find(line).stream()).toList();
  }

  /// Keeps content, or a layer unpacked, whether it is here already or not. An image is kept with all that it needs by its manifest.
  public void keep(Digest digest) {
    synchronized (known) {
      if (!known.add(digest)) {
        return;
      }
      try (StoreLocks.Held _ = store.lockShared()) {
        String line = (torn ? "\n" : "") + digest + "\n";
        torn = true;
        Files.writeString(file, line, StandardCharsets.US_ASCII, StandardOpenOption.APPEND);
        torn = false;
        if (alive == null) {
          Directories.sync(file);
        }
      } catch (IOException e) {
        known.remove(digest);
        throw Unpacking.failed("lease " + file.getFileName(), e);
      }
    }
  }

  /// Opens content, which is brought from a source unless it is here, or comes meanwhile by someone else. What comes from the
  /// source is stored on its way, and is in the store when the end of the stream was read.
  ///
  /// @throws ImageException while opening or reading, of kind [ErrorKind#CORRUPT] if it is not what the descriptor says
  /// @throws InterruptedException while someone else brings it
  public InputStream open(Descriptor blob, BlobSource source) throws InterruptedException {
    keep(blob.digest());
    return store.fetch(blob, source);
  }

  /// Brings content unless it is here.
  ///
  /// @throws ImageException of kind [ErrorKind#CORRUPT] if it is not what the descriptor says
  /// @throws InterruptedException while someone else brings it
  public void fetch(Descriptor blob, BlobSource source) throws InterruptedException {
    keep(blob.digest());
    if (store.contains(blob.digest())) {
      return;
    }
    try (InputStream in = store.fetch(blob, source)) {
      byte[] bytes = new byte[1 << 16];
      while (in.read(bytes) >= 0) {}
    } catch (IOException e) {
      throw Unpacking.failed("blob " + blob.digest(), e);
    }
  }

  /// Stores some content.
  ///
  /// @return its descriptor, by SHA-256
  public Descriptor put(String mediaType, byte[] content) throws InterruptedException {
    Descriptor descriptor = Descriptor.of(mediaType, content);
    put(descriptor, content);
    return descriptor;
  }

  /// Stores some content.
  ///
  /// @throws ImageException of kind [ErrorKind#CORRUPT] if it is not what the descriptor says
  public void put(Descriptor descriptor, byte[] content) throws InterruptedException {
    fetch(descriptor, (_, from) -> new ByteArrayInputStream(content, (int) from, content.length - (int) from));
  }

  /// Content that is made while it is written.
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /// Stores content whose digest is known only when it is written.
  ///
  /// @param subject what it is, for the message of a failure
  Descriptor write(String mediaType, String subject, Content content) throws InterruptedException {
    String id = UUID.randomUUID().toString();
    Path file = store.directory("incoming").resolve("new-" + id);
    try (StoreLocks.Held _ = store.locks().exclusive("new " + id)) {
      Directories.createFile(file);
      MessageDigest digest = Digest.sha256(new byte[0]).newMessageDigest();
      try (OutputStream out = new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 17), digest)) {
        content.writeTo(out);
      }
      var blob = Descriptor.of(mediaType, Digest.of("sha256", digest.digest()), Files.size(file));
      put(blob, file);
      return blob;
    } catch (IOException e) {
      throw Unpacking.failed(subject, e);
    } finally {
      deleteNew(file);
    }
  }

  /// Gives a file that is written and digested its place in the store.
  private void put(Descriptor blob, Path file) throws IOException, InterruptedException {
    keep(blob.digest());
    try (StoreLocks.Held _ = store.lockBlob(blob.digest())) {
      if (!store.contains(blob.digest())) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
        Directories.createParent(store.path(blob.digest()));
        Directories.publish(file, store.path(blob.digest()));
      }
    }
  }

  private static void deleteNew(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw Unpacking.failed("new content", e);
    }
  }

  ContentStore store() {
    return store;
  }

  /// Gives content a name, instead of what it stood for before.
  public void tag(String name, Descriptor target) {
    keep(target.digest());
    store.tag(name, target);
  }

  /// Ends a lease that outlives processes: what it kept is left to the collector.
  public void release() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw Unpacking.failed("lease " + file.getFileName(), e);
    }
  }

  /// Ends the lease, unless it is one that outlives processes.
  @Override
  public void close() {
    if (alive != null) {
      try (alive) {
        release();
      }
    }
  }
}
