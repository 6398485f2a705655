package io.containerkit.cli;

import io.containerkit.spec.Mount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The files that a container made from a directory sees besides that directory.
record FileFlags(boolean readOnly, List<Mount> mounts, List<DeviceFlag> devices, long shmSize) {

  private static final long SHM_SIZE = 64 << 20;

  static void describe(Flags flags) {
    flags
        .section("Files")
        .toggle("read-only", "Makes the root file system read-only.")
        .value("v", "volume", "[NAME|HOST:]DIR[:OPTIONS]", "Mounts a volume, made if it is missing, or a file or directory of the host; OPTIONS such as ro. Repeatable.")
        .value("mount", "KEY=VALUE,…", "The same in full: type=bind|volume|tmpfs, src=, dst=, ro, tmpfs-size=. Repeatable.")
        .value("tmpfs", "DIR[:OPTIONS]", "Mounts an empty directory in memory; OPTIONS such as size=64m. Repeatable.")
        .value("device", "HOST[:PATH[:rwm]]", "Gives it a device of the host. Repeatable.")
        .value("shm-size", "SIZE", "The size of /dev/shm; 64m without it.");
  }

  static FileFlags of(Arguments arguments) {
    List<Mount> mounts = new ArrayList<>();
    for (String text : arguments.texts("volume")) {
      mounts.add(MountFlags.volume(arguments, text));
    }
    for (String text : arguments.texts("mount")) {
      mounts.add(MountFlags.mount(arguments, text));
    }
    for (String text : arguments.texts("tmpfs")) {
      mounts.add(MountFlags.tmpfs(arguments, text));
    }
    List<DeviceFlag> devices = new ArrayList<>();
    for (String text : arguments.texts("device")) {
      devices.add(DeviceFlag.of(arguments, text));
    }
    return new FileFlags(
        arguments.has("read-only"),
        List.copyOf(mounts),
        List.copyOf(devices),
        Values.bytes(arguments, "shm-size").orElse(SHM_SIZE));
  }

  /// A device of the host, where the container sees it, and how it may be used there.
  record DeviceFlag(Path host, Path path, String access) {

    static DeviceFlag of(Arguments arguments, String text) {
      String[] parts = text.split(":", -1);
      String right = "HOST[:PATH[:rwm]], such as /dev/fuse";
      if (parts.length > 3 || !parts[0].startsWith("/")) {
        throw Values.wrong(arguments, "device", text, right, null);
      }
      Path host = Path.of(parts[0]);
      // As podman reads it, HOST:rw has two parts of which the second is the access.
      boolean accessOnly = parts.length == 2 && isAccess(parts[1]);
      Path path = parts.length > 1 && !accessOnly ? Path.of(parts[1]) : host;
      String access = accessOnly ? parts[1] : parts.length == 3 ? parts[2] : "rwm";
      if (!path.isAbsolute() || !isAccess(access)) {
        throw Values.wrong(arguments, "device", text, right, null);
      }
      return new DeviceFlag(host, path, access);
    }

    private static boolean isAccess(String text) {
      for (int i = 0; i < text.length(); i++) {
        if ("rwm".indexOf(text.charAt(i)) < 0 || text.indexOf(text.charAt(i), i + 1) > 0) {
          return false;
        }
      }
      return !text.isEmpty();
    }
  }
}
