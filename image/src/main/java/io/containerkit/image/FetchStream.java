package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// Content on its way into the store: whoever reads it gets it while it is written and checked, and it is in the store once its end
/// has been read. What an interrupted attempt has left comes first, from the file. The lock of the object is held until the close.
final class FetchStream extends InputStream {

  private final Descriptor blob;
  private final BlobSource source;
  private final Path partial;
  private final Path target;
  private final StoreLocks.Held lock;
  private final FileChannel file;
  private final MessageDigest digest;
  private final long resumed;
  private long count;
  private @Nullable InputStream in;
  private boolean ended;
  private boolean worthless;

  FetchStream(Descriptor blob, BlobSource source, Path partial, Path target, StoreLocks.Held lock) throws IOException {
    this.blob = blob;
    this.source = source;
    this.partial = partial;
    this.target = target;
    this.lock = lock;
    this.digest = blob.digest().newMessageDigest();
    Directories.createFile(partial);
    this.file = FileChannel.open(partial, StandardOpenOption.READ, StandardOpenOption.WRITE);
    this.resumed = Math.min(file.size(), blob.size());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (ended) {
      return -1;
    }
    int read = count < resumed ? readFile(bytes, offset, length) : readSource(bytes, offset, length);
    if (read < 0) {
      commit();
      ended = true;
      return -1;
    }
    digest.update(bytes, offset, read);
    count += read;
    return read;
  }

  private int readFile(byte[] bytes, int offset, int length) throws IOException {
    int read = file.read(ByteBuffer.wrap(bytes, offset, (int) Math.min(length, resumed - count)), count);
    if (read < 0) {
      throw new IOException("the file became shorter while it was read");
    }
    return read;
  }

  private int readSource(byte[] bytes, int offset, int length) throws IOException {
    InputStream open = in;
    if (open == null) {
      open = open();
      in = open;
    }
    int read = open.read(bytes, offset, length);
    if (read > blob.size() - count) {
      worthless = true;
      throw corrupt("is longer than the " + blob.size() + " bytes that it should have");
    }
    if (read > 0) {
      write(ByteBuffer.wrap(bytes, offset, read));
    }
    return read;
  }

  private InputStream open() throws IOException {
    if (count == blob.size()) {
      return InputStream.nullInputStream();
    }
    file.truncate(count);
    try {
      return source.open(blob, count);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImageException(ErrorKind.CANCELLED, name(), name() + ": interrupted", e);
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    try {
      long position = count;
      while (bytes.hasRemaining()) {
        position += file.write(bytes, position);
      }
    } catch (IOException e) {
      // A full disk is not helped by keeping what did fit.
      worthless = true;
      throw e;
    }
  }

  private void commit() throws IOException {
    if (count < blob.size()) {
      throw corrupt("ends after " + count + " of its " + blob.size() + " bytes");
    }
    worthless = true;
    Digest found = Digest.of(blob.digest().algorithm(), digest.digest());
    if (!found.equals(blob.digest())) {
      throw corrupt("has the digest " + found);
    }
    file.truncate(count);
    file.force(true);
    Directories.publish(partial, target);
    worthless = false;
  }

  private String name() {
    return "blob " + blob.digest();
  }

  private ImageException corrupt(String what) {
    return new ImageException(ErrorKind.CORRUPT, name(), name() + " " + what, null);
  }

  @Override
  public void close() throws IOException {
    try (lock;
        file;
        var _ = in) {
      if (worthless || (!ended && file.size() == 0)) {
        Files.deleteIfExists(partial);
      }
    }
  }
}
