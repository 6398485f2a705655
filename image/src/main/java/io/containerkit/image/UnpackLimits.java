package io.containerkit.image;

/// What a layer may unpack to before it is taken for a bomb.
///
/// @param entries the most files
/// @param bytes the most bytes of plain archive, and of any single file with its holes
/// @param ratio how many times larger than its compressed form the plain archive may be; asked only behind its first GiB, since a
///     small layer of zeros is harmless, and gzip itself ends at 1,032
public record UnpackLimits(long entries, long bytes, int ratio) {

  /// 4 million files, 64 GiB, 400 times.
  public static final UnpackLimits DEFAULT = new UnpackLimits(4_000_000, 64L << 30, 400);

  /// Refuses limits that are not positive.
  public UnpackLimits {
    if (entries < 1 || bytes < 1 || ratio < 1) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }
}
