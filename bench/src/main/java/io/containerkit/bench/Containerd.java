package io.containerkit.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A containerd of our own, with its state in the workspace, so that one that serves the host is left alone.
final class Containerd implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(20);

  private final Process process;
  private final Path socket;

  private Containerd(Process process, Path socket) {
    this.process = process;
    this.socket = socket;
  }

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
    File log = directory.resolve("log").toFile();
    Process process =
        new ProcessBuilder("containerd", "--config", config.toString()).redirectErrorStream(true).redirectOutput(log).start();
    Containerd containerd = new Containerd(process, socket);
    containerd.awaitReady(log);
    return containerd;
  }

  private void awaitReady(File log) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    while (!Files.exists(socket)) {
      if (process.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
        close();
        throw new BenchException("containerd did not start: " + Files.readString(log.toPath()));
      }
    }
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

  /// The processor time that it has taken so far, in nanoseconds.
  long processorTime() {
    return process.info().totalCpuDuration().orElseThrow().toNanos();
  }

  /// The largest resident memory that it has had, in bytes.
  long peakMemory() throws IOException {
    String peak = Machine.field(Path.of("/proc/" + process.pid() + "/status"), "VmHWM");
    return Long.parseLong(peak.substring(0, peak.indexOf(' '))) * 1024;
  }

  /// Ends it by SIGTERM.
  @Override
  public void close() {
    process.destroy();
    Shell.await(process);
  }
}
