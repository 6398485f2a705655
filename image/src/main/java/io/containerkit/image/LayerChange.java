package io.containerkit.image;

/// One file that is not as it is in the image below.
///
/// @param kind what is different
/// @param path the file, as the container sees it; what is no UTF-8 in its name is replaced
public record LayerChange(Kind kind, String path) {

  /// What can be different.
  public enum Kind {
    /// It is not in the image.
    ADDED('A'),
    /// Its content, owner, mode or time is another; a directory also counts as changed when something in it is.
    CHANGED('C'),
    /// It is in the image only. What was in a deleted directory is not told one by one.
    DELETED('D');

    private final char letter;

    Kind(char letter) {
      this.letter = letter;
    }
  }

  /// The change as docker and podman print it, such as `A /etc/motd`.
  @Override
  public String toString() {
    return kind.letter + " " + path;
  }
}
