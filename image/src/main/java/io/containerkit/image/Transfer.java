package io.containerkit.image;

import java.util.List;

/// What happens while an image comes or goes, for whoever shows it. Told in the order in which it happens; the bytes of several
/// blobs by several threads at once.
public sealed interface Transfer {

  /// The blobs that are about to be transferred: the layers of an image, the lowest first.
  record Started(List<Descriptor> blobs) implements Transfer {
    public Started {
      blobs = List.copyOf(blobs);
    }
  }

  /// Some of a blob has been transferred.
  ///
  /// @param blob which
  /// @param done how many of its bytes have been, those of earlier attempts included
  record Moved(Descriptor blob, long done) implements Transfer {}

  /// A blob is where it is to be. One that had been there before is told of without any [Moved].
  record Finished(Descriptor blob) implements Transfer {}
}
