package io.containerkit.runtime;

/// One thing that was looked at on the host.
///
/// @param subject what was looked at, such as `cgroups`
/// @param grade whether it is as it should be
/// @param found what there is
/// @param advice what does not work without it and what to do; empty if it is good
public record Finding(String subject, Grade grade, String found, String advice) {

  /// How good it is.
  public enum Grade {
    /// As it should be.
    GOOD,
    /// Containers run, but something about them does not.
    LIMITED,
    /// Containers do not run.
    BAD
  }

  static Finding good(String subject, String found) {
    return new Finding(subject, Grade.GOOD, found, "");
  }
}
