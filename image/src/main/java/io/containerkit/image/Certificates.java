package io.containerkit.image;

import io.containerkit.image.RegistryConfig.Access;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Whom a TLS connection trusts, and what it proves who is asking with.
final class Certificates {

  /// Protects keys in memory only.
  private static final char[] NO_PASSWORD = {};

  private Certificates() {}

  /// The authorities in a directory of certs.d, its `*.crt` files. The directory need not exist.
  static List<Path> authoritiesIn(Path directory) {
    return in(directory, ".crt");
  }

  /// The client certificates in a directory of certs.d: each `NAME.cert` with its `NAME.key`. The directory need not exist.
  static List<ClientCertificate> clientsIn(Path directory) {
    for (var key : in(directory, ".key")) {
      var certificate = sibling(key, ".key", ".cert");
      if (!Files.exists(certificate)) {
        throw refused(key, "the private key " + key + " has no certificate: there is no " + certificate, null);
      }
    }
    return in(directory, ".cert").stream().map(Certificates::client).toList();
  }

  private static ClientCertificate client(Path certificate) {
    var key = sibling(certificate, ".cert", ".key");
    if (!Files.exists(key)) {
      throw refused(
          certificate,
          "the client certificate " + certificate + " has no private key: there is no " + key
              + "; if it is an authority, let its name end in .crt",
          null);
    }
    return new ClientCertificate(certificate, key);
  }

  private static Path sibling(Path file, String ending, String other) {
    var name = file.getFileName().toString();
    return file.resolveSibling(name.substring(0, name.length() - ending.length()) + other);
  }

  private static List<Path> in(Path directory, String ending) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (AccessDeniedException _) {
      return List.of(); // For others than this user. podman leaves it out too.
    } catch (IOException e) {
      throw unreadable(directory, e);
    }
  }

  /// What is in a PEM file.
  static List<PemBlock> blocks(Path file) {
    try {
      return PemBlock.read(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /// The TLS context for a host: it trusts the Java runtime's authorities and those named, or anybody.
  static SSLContext context(Access access) {
    return context(access, () -> {});
  }

  /// The same, which tells whenever the other side wants a client certificate.
  static SSLContext context(Access access, Runnable clientWanted) {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(
          keys(access.clientCertificates(), clientWanted),
          access.insecure() ? new TrustManager[] {new Anybody()} : trust(access.authorities()),
          null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new ImageException(ErrorKind.INTERNAL, "TLS", "cannot set up TLS: " + e.getMessage(), e);
    }
  }

  private static KeyManager[] keys(List<ClientCertificate> certificates, Runnable wanted) throws IOException, GeneralSecurityException {
    var store = emptyStore();
    for (var certificate : certificates) {
      var loaded = ClientKey.load(certificate);
      store.setKeyEntry("client-" + store.size(), loaded.getPrivateKey(), NO_PASSWORD, loaded.getCertificateChain());
    }
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return Arrays.stream(factory.getKeyManagers())
        .map(manager -> manager instanceof X509ExtendedKeyManager keys ? new ClientKeys(keys, wanted) : manager)
        .toArray(KeyManager[]::new);
  }

  private static TrustManager[] trust(List<Path> files) throws IOException, GeneralSecurityException {
    if (files.isEmpty()) {
      return managers(null);
    }
    var store = emptyStore();
    for (var certificate : defaultAuthorities()) {
      store.setCertificateEntry("default-" + store.size(), certificate);
    }
    var factory = CertificateFactory.getInstance("X.509");
    for (var file : files) {
      try (var in = Files.newInputStream(file)) {
        for (var certificate : factory.generateCertificates(in)) {
          store.setCertificateEntry("own-" + store.size(), certificate);
        }
      } catch (IOException | GeneralSecurityException e) {
        throw unreadable(file, e);
      }
    }
    return managers(store);
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }

  private static List<X509Certificate> defaultAuthorities() throws GeneralSecurityException {
    for (var manager : managers(null)) {
      if (manager instanceof X509TrustManager trust) {
        return List.of(trust.getAcceptedIssuers());
      }
    }
    return List.of();
  }

  private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static ImageException unreadable(Path file, Exception e) {
    var why =
        switch (e) {
          case NoSuchFileException _ -> "there is no such file";
          case AccessDeniedException _ -> "permission denied";
          default -> String.valueOf(e.getMessage());
        };
    return refused(file, "cannot read " + file + ": " + why, e);
  }

  private static ImageException refused(Path file, String why, @Nullable Exception cause) {
    return new ImageException(ErrorKind.INVALID_CONFIG, file.toString(), why, cause);
  }

  /// Checks nothing, not even the host's name: that the "extended" kind is given is what stops the JDK from checking it.
  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
