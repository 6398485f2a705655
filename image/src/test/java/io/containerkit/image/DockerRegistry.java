package io.containerkit.image;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Debian's docker-registry on a loopback port, its files in a directory of the test.
final class DockerRegistry implements AutoCloseable {

  /// The password "s3cret" of the user "me", by bcrypt, the only form that the registry takes.
  private static final String HTPASSWD = "me:$2y$05$QtW7VWwtm/5bdabRYUGHLupqrHWdAF1Yh6YJg/6yKtRA4l/42Jz.u\n";

  static final Credential.Password USER = new Credential.Password("me", "s3cret");

  private final Path log;
  private final int port;
  private final Process process;

  private DockerRegistry(Path directory, int port, String http, String auth) throws IOException, InterruptedException {
    this.port = port;
    this.log = directory.resolve("registry.log");
    var config =
        Files.writeString(
            directory.resolve("config.yml"),
            """
            version: 0.1
            log: {level: warn, accesslog: {disabled: true}}
            storage: {filesystem: {rootdirectory: %s}, delete: {enabled: true}}
            http: {addr: "127.0.0.1:%d"%s}
            %s
            """
                .formatted(directory.resolve("data"), port, http, auth));
    this.process =
        new ProcessBuilder("docker-registry", "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    awaitListening();
  }

  static DockerRegistry plain(Path directory) throws IOException, InterruptedException {
    return new DockerRegistry(Files.createDirectories(directory), freePort(), "", "");
  }

  /// With a certificate of an authority of its own, and a password.
  static DockerRegistry secured(Path directory, TestAuthority authority) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    var htpasswd = Files.writeString(directory.resolve("htpasswd"), HTPASSWD);
    return new DockerRegistry(
        directory,
        freePort(),
        ", tls: {certificate: " + authority.certificate() + ", key: " + authority.key() + "}",
        "auth: {htpasswd: {realm: test, path: " + htpasswd + "}}");
  }

  /// Wants a certificate of the authority that has signed its own.
  static DockerRegistry forClientsOf(TestAuthority authority, Path directory) throws IOException, InterruptedException {
    return new DockerRegistry(
        Files.createDirectories(directory),
        freePort(),
        ", tls: {certificate: " + authority.certificate() + ", key: " + authority.key() + ", clientcas: [" + authority.authorityFile()
            + "]}",
        "");
  }

  String host() {
    return "127.0.0.1:" + port;
  }

  int port() {
    return port;
  }

  ImageReference reference(String rest) {
    return ImageReference.of(host() + "/" + rest);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitListening() throws IOException, InterruptedException {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          process.destroyForcibly();
          throw new IOException("docker-registry does not listen: " + Files.readString(log), e);
        }
        Thread.sleep(10);
      }
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  /// Runs a command that must succeed; returns what it wrote.
  static String run(Path directory, @Nullable Path home, String... command) throws IOException, InterruptedException {
    var output = Files.createTempFile(directory, "out", ".txt");
    var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    if (home != null) {
      builder.environment().put("HOME", home.toString());
    }
    var process = builder.start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + Files.readString(output));
    }
    return Files.readString(output);
  }
}
