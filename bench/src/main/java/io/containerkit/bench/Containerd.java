package io.containerkit.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A containerd of our own, with its state in the workspace, so that one that serves the host is left alone.
record Containerd(Daemon daemon, Path socket) implements AutoCloseable {

  /// Whether there is one to start.
  static boolean isInstalled() {
    return Machine.has("containerd") && Machine.has("ctr");
  }

  static Containerd start(Workspace workspace) throws IOException, InterruptedException {
    Path directory = workspace.directory("containerd");
    Path socket = directory.resolve("socket");
    Path config = directory.resolve("config.toml");
    Files.writeString(
        config,
        """
        version = 2
        root = "%1$s/root"
        state = "%1$s/state"
        disabled_plugins = ["io.containerd.grpc.v1.cri"]
        [grpc]
          address = "%1$s/socket"
        [ttrpc]
          address = "%1$s/socket.ttrpc"
        """
            .formatted(directory));
    Daemon daemon =
        Daemon.start(directory.resolve("log"), () -> Files.exists(socket), "containerd", "--config", config.toString());
    return new Containerd(daemon, socket);
  }

  /// Returns the command line that runs `/bin/true` on a root file system and removes the container after it.
  List<String> run(Path runtime, Path rootfs) {
    return List.of(
        Machine.find("ctr").toString(), "--address", socket.toString(),
        "run", "--rm", "--runc-binary", runtime.toString(), "--rootfs", rootfs.toString(), "bench-ctr", "/bin/true");
  }

  /// Returns the command line that pulls and unpacks an image of a registry without TLS.
  List<String> pull(String reference) {
    return List.of(Machine.find("ctr").toString(), "--address", socket.toString(), "images", "pull", "--plain-http", reference);
  }

  /// Removes an image with all that only it needs.
  void remove(String reference) throws IOException {
    Shell.run("ctr", "--address", socket.toString(), "images", "rm", "--sync", reference);
  }

  @Override
  public void close() {
    daemon.close();
  }
}
