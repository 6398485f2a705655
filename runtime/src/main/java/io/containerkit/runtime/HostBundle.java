package io.containerkit.runtime;

import io.containerkit.spec.Linux;
import io.containerkit.spec.LinuxResources;
import io.containerkit.spec.Mount;
import io.containerkit.spec.ProcessSpec;
import io.containerkit.spec.Root;
import io.containerkit.spec.Spec;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/// A bundle whose container sees the host's programs, read-only, and nothing else of the host: enough to see whether a runtime works,
/// with no image and no preparation.
///
/// The runtime makes the bind mounts, in the container's own mount namespace. The root file system on the host holds nothing but
/// empty directories and links, and [#close] removes no more than that: should a mount ever get out, its content is safe.
record HostBundle(Path directory, String id) implements AutoCloseable {

  /// Where hosts keep programs, their libraries and their linker: in `/usr` with links to it or not, or in a store.
  private static final List<String> PROGRAMS =
      List.of("bin", "sbin", "lib", "lib32", "lib64", "libx32", "usr", "nix", "gnu");

  private static final AtomicLong NUMBERS = new AtomicLong();

  /// Makes a bundle in a fresh directory.
  ///
  /// @param args the command of its container
  static HostBundle create(Path parent, String... args) throws IOException {
    Files.createDirectories(parent);
    Path directory = Files.createTempDirectory(parent, "bundle");
    Path rootfs = Files.createDirectory(directory.resolve("rootfs"));
    // Unlike a temporary directory, a root must be open to whoever the container's process is.
    directory.toFile().setExecutable(true, false);
    Spec defaults = Spec.defaults();
    List<Mount> mounts = new ArrayList<>(defaults.mounts());
    for (String name : PROGRAMS) {
      Path onHost = Path.of("/", name);
      if (Files.isSymbolicLink(onHost)) {
        Files.createSymbolicLink(rootfs.resolve(name), Files.readSymbolicLink(onHost));
      } else if (Files.isDirectory(onHost)) {
        mounts.add(Mount.bind(onHost.toString(), onHost.toString(), "rbind", "ro"));
      }
    }
    String id = "containerkit-" + ProcessHandle.current().pid() + "-" + NUMBERS.incrementAndGet();
    ProcessSpec process = Objects.requireNonNull(defaults.process()).toBuilder().args(args).build();
    Linux linux = Objects.requireNonNull(defaults.linux()).toBuilder().cgroupsPath("/" + id).build();
    HostBundle bundle = new HostBundle(directory, id);
    bundle.write(
        defaults.toBuilder().process(process).root(Root.of("rootfs", true)).mounts(mounts).linux(linux).build());
    return bundle;
  }

  /// The configuration.
  Spec spec() {
    return Spec.read(directory.resolve("config.json"));
  }

  /// Replaces the configuration.
  void write(Spec spec) {
    spec.write(directory.resolve("config.json"));
  }

  /// Puts limits into the configuration.
  HostBundle with(LinuxResources limits) {
    Spec spec = spec();
    Linux linux = Objects.requireNonNull(spec.linux());
    LinuxResources resources = Objects.requireNonNull(linux.resources());
    write(spec.toBuilder().linux(linux.toBuilder().resources(resources.merge(limits)).build()).build());
    return this;
  }

  /// Removes the bundle.
  ///
  /// @throws IOException if there is a directory in it that is not empty, or still a mount
  @Override
  public void close() throws IOException {
    Path rootfs = directory.resolve("rootfs");
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(rootfs)) {
      for (Path entry : entries) {
        Files.delete(entry);
      }
    }
    Files.delete(rootfs);
    Files.delete(directory.resolve("config.json"));
    Files.delete(directory);
  }
}
