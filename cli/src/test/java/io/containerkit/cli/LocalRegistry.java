package io.containerkit.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Debian's docker-registry on a loopback port, its files in a directory of the test.
final class LocalRegistry implements AutoCloseable {

  /// The password "s3cret" of the user "me", by bcrypt, the only form that the registry takes.
  private static final String HTPASSWD = "me:$2y$05$QtW7VWwtm/5bdabRYUGHLupqrHWdAF1Yh6YJg/6yKtRA4l/42Jz.u\n";

  private final Path directory;
  private final int port;
  private final Process process;

  private LocalRegistry(Path directory, String http, String auth) throws IOException {
    this.directory = directory;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = socket.getLocalPort();
    }
    String config =
        """
        version: 0.1
        log: {level: warn, accesslog: {disabled: true}}
        storage: {filesystem: {rootdirectory: %s}, delete: {enabled: true}}
        http: {addr: "127.0.0.1:%d"%s}
        %s
        """
            .formatted(directory.resolve("data"), port, http, auth);
    Path file = Files.writeString(directory.resolve("config.yml"), config);
    this.process =
        new ProcessBuilder("docker-registry", "serve", file.toString()).redirectErrorStream(true).redirectOutput(log().toFile()).start();
    awaitListening();
  }

  static LocalRegistry plain(Path directory) throws IOException {
    return new LocalRegistry(Files.createDirectories(directory), "", "");
  }

  /// With a certificate of an authority of its own, and a password.
  static LocalRegistry secured(Path directory) throws IOException {
    Files.createDirectories(directory);
    List<String> common = List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2");
    openssl(directory, common, "req", "-x509", "-subj", "/CN=Test Authority", "-keyout", "ca.key", "-out", "ca.crt");
    openssl(
        directory, common, "req", "-x509", "-subj", "/CN=registry", "-CA", "ca.crt", "-CAkey", "ca.key", "-addext", "subjectAltName=IP:127.0.0.1",
        "-addext", "basicConstraints=critical,CA:false", "-keyout", "tls.key", "-out", "tls.crt");
    Path passwords = Files.writeString(directory.resolve("htpasswd"), HTPASSWD);
    return new LocalRegistry(
        directory,
        ", tls: {certificate: " + directory.resolve("tls.crt") + ", key: " + directory.resolve("tls.key") + "}",
        "auth: {htpasswd: {realm: test, path: " + passwords + "}}");
  }

  private static void openssl(Path directory, List<String> more, String... words) {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(words));
    command.addAll(more);
    Ckit.other(directory, command.toArray(String[]::new));
  }

  private void awaitListening() throws IOException {
    long deadline = System.nanoTime() + Ckit.PATIENCE.toNanos();
    while (true) {
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          process.destroyForcibly();
          throw new IOException("docker-registry does not listen: " + Files.readString(log()), e);
        }
        LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
      }
    }
  }

  private Path log() {
    return directory.resolve("registry.log");
  }

  /// The file of the authority that has signed its certificate.
  Path authority() {
    return directory.resolve("ca.crt");
  }

  String host() {
    return "127.0.0.1:" + port;
  }

  /// The full name of an image in it.
  String image(String rest) {
    return host() + "/" + rest;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().orTimeout(Ckit.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }
}
