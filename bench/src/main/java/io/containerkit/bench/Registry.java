package io.containerkit.bench;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/// A docker-registry of our own on a loopback port, without TLS, with its files in the workspace.
record Registry(Daemon daemon, int port) implements AutoCloseable {

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
    Daemon daemon =
        Daemon.start(directory.resolve("log"), () -> isListening(port), "docker-registry", "serve", config.toString());
    return new Registry(daemon, port);
  }

  private static boolean isListening(int port) throws IOException {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (ConnectException refused) {
      return false;
    }
  }

  String host() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() {
    daemon.close();
  }
}
