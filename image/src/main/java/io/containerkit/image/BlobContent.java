package io.containerkit.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// The content of a blob that is pushed. Opened again when an upload breaks off.
@FunctionalInterface
public interface BlobContent {

  /// The content from its start. Closed by the upload.
  InputStream open() throws IOException, InterruptedException;

  /// Content in memory, not copied.
  static BlobContent of(byte[] bytes) {
    return () -> new ByteArrayInputStream(bytes);
  }

  /// Content of a file.
  static BlobContent of(Path file) {
    return () -> Files.newInputStream(file);
  }
}
