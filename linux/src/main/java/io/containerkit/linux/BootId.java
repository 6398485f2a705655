package io.containerkit.linux;

import java.nio.file.Path;

/// The identity of the running boot: what was written under another one tells of processes and mounts that are gone.
public final class BootId {

  private static final Path FILE = Path.of("/proc/sys/kernel/random/boot_id");

  private BootId() {}

  /// The id of this boot, a UUID in lower case.
  public static String current() {
    return KernelFile.read(FILE).strip();
  }
}
