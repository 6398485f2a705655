package io.containerkit.image;

/// What an image may unpack to before it is taken for a bomb.
///
/// @param entries the most files of a layer
/// @param bytes the most bytes of a layer's plain archive, and of any single file with its holes
/// @param ratio how many times larger than its compressed form a layer's plain archive may be; asked only behind its first GiB, since a
///     small layer of zeros is harmless, and gzip itself ends at 1,032
/// @param layers the most layers of an image; overlay itself puts no more than 500 directories on each other
/// @param imageBytes the most bytes of plain archives that the layers of an image have together, without those that were unpacked before
public record UnpackLimits(long entries, long bytes, int ratio, int layers, long imageBytes) {

  /// 4 million files, 64 GiB and 400 times for a layer; 500 layers and 128 GiB for an image.
  public static final UnpackLimits DEFAULT = new UnpackLimits(4_000_000, 64L << 30, 400, 500, 128L << 30);

  /// Refuses limits that are not positive.
  public UnpackLimits {
    if (entries < 1 || bytes < 1 || ratio < 1 || layers < 1 || imageBytes < 1) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }
}
