package io.containerkit.runtime;

import java.util.Locale;

/// What CRIU does about control groups at a checkpoint and a restore: its option `--manage-cgroups`.
public enum CgroupsMode {
  /// The groups are made if they are missing, and get their settings only then.
  SOFT,
  /// The groups are made if they are missing, and get their settings in any case.
  FULL,
  /// The groups must not be there, and are made.
  STRICT,
  /// They are left alone.
  IGNORE;

  /// The word for the command line.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
