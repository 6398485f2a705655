package io.containerkit.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A docker-registry of our own on a loopback port, without TLS, with its files in the workspace.
final class Registry implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(20);

  private final Process process;
  private final int port;

  private Registry(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static boolean isInstalled() {
    return Machine.has("docker-registry");
  }

  static Registry start(Workspace workspace) throws IOException, InterruptedException {
    Path directory = workspace.directory("registry");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path config = directory.resolve("config.yml");
    Files.writeString(
        config,
        """
        version: 0.1
        log: {level: warn, accesslog: {disabled: true}}
        storage: {filesystem: {rootdirectory: %s}}
        http: {addr: "127.0.0.1:%d"}
        """
            .formatted(directory.resolve("data"), port));
    Path log = directory.resolve("log");
    Process process =
        new ProcessBuilder("docker-registry", "serve", config.toString()).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Registry registry = new Registry(process, port);
    registry.awaitListening(log);
    return registry;
  }

  private void awaitListening(Path log) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    while (true) {
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException refused) {
        if (process.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
          close();
          throw new BenchException("docker-registry did not start: " + Files.readString(log), refused);
        }
      }
    }
  }

  String host() {
    return "127.0.0.1:" + port;
  }

  /// Ends it by SIGTERM.
  @Override
  public void close() {
    process.destroy();
    Shell.await(process);
  }
}
