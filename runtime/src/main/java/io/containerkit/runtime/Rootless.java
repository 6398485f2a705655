package io.containerkit.runtime;

import java.util.Locale;

/// Whether a runtime puts up with what only root may do, such as writing to control groups.
public enum Rootless {
  /// It does.
  TRUE,
  /// It fails where it may not.
  FALSE,
  /// It does if it is not run by root.
  AUTO;

  /// The word for the command line.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
