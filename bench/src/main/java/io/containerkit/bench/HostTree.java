package io.containerkit.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The host's own tree under a writable layer in memory: what `--rootfs /` means, ready-made for those who cannot make it.
///
/// @param directory a tmpfs with the overlay's layers in it
/// @param root the overlay
record HostTree(Path directory, Path root) implements AutoCloseable {

  static HostTree mount(Workspace workspace) throws IOException {
    Path directory = workspace.directory("host-tree");
    Shell.run("mount", "-t", "tmpfs", "tmpfs", directory.toString());
    Path upper = Files.createDirectory(directory.resolve("upper"));
    Path work = Files.createDirectory(directory.resolve("work"));
    Path root = Files.createDirectory(directory.resolve("root"));
    String layers = "lowerdir=/,upperdir=%s,workdir=%s".formatted(upper, work);
    Shell.run("mount", "-t", "overlay", "-o", layers, "overlay", root.toString());
    return new HostTree(directory, root);
  }

  @Override
  public void close() throws IOException {
    Shell.run("umount", root.toString());
    Shell.run("umount", directory.toString());
  }
}
