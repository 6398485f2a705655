package io.containerkit.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// An authority that has signed a certificate for 127.0.0.1 and `*.test`, and signs more.
record TestAuthority(Path directory) {

  static TestAuthority create(Path directory) throws IOException, InterruptedException {
    var authority = new TestAuthority(Files.createDirectories(directory));
    authority.openssl(
        "req -x509 -subj /CN=Authority -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout ca.key -out ca.crt");
    authority.openssl("genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-256 -out tls.key");
    authority.sign("tls.key", "tls.crt");
    return authority;
  }

  /// Makes a certificate for a key that is in the directory.
  void sign(String key, String certificate) throws IOException, InterruptedException {
    openssl(
        "req -x509 -new -subj /CN=" + certificate + " -CA ca.crt -CAkey ca.key -days 2 -addext basicConstraints=critical,CA:false"
            + " -addext subjectAltName=IP:127.0.0.1,DNS:*.test -key " + key + " -out " + certificate);
  }

  /// Runs openssl in the directory.
  void openssl(String arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments.split(" ", -1)));
    var process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said);
    }
  }

  Path authorityFile() {
    return directory.resolve("ca.crt");
  }

  Path certificate() {
    return directory.resolve("tls.crt");
  }

  Path key() {
    return directory.resolve("tls.key");
  }

  /// What a server or client shows that the authority vouches for.
  RegistryConfig.Access identity() {
    return RegistryConfig.Access.DEFAULT.withClientCertificate(new ClientCertificate(certificate(), key()));
  }
}
