package io.containerkit.image;

import java.io.IOException;
import java.io.InputStream;

/// A place to have content from: a registry, an archive.
@FunctionalInterface
public interface BlobSource {

  /// Opens some content.
  ///
  /// @param blob what is wanted; who calls checks digest and size
  /// @param from how many bytes to leave out at the start: those that an earlier attempt has brought already
  InputStream open(Descriptor blob, long from) throws IOException, InterruptedException;
}
