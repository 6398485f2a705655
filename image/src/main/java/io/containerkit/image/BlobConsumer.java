package io.containerkit.image;

import java.io.IOException;
import java.io.InputStream;

/// Takes the content of a blob while it comes.
@FunctionalInterface
public interface BlobConsumer {

  /// Reads a blob. What is not read is read and verified afterwards; the content may be used only when the whole download has
  /// succeeded, since its digest is known at its end.
  ///
  /// @param blob which it is
  /// @param content the content: see [RegistryClient#openBlob(ImageReference, Descriptor)]
  void accept(Descriptor blob, InputStream content) throws IOException, InterruptedException;
}
