package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Whom a TLS connection trusts.
final class Certificates {

  private Certificates() {}

  /// The `*.crt` files in a directory, which need not exist.
  static List<Path> in(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".crt")).sorted().toList();
    } catch (IOException e) {
      throw unreadable(directory, e);
    }
  }

  /// A TLS context that trusts the Java runtime's authorities and those in `files`.
  static SSLContext trusting(List<Path> files) {
    try {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
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
      return context(managers(store));
    } catch (IOException | GeneralSecurityException e) {
      throw new ImageException(ErrorKind.INTERNAL, files.toString(), "cannot set up TLS: " + e.getMessage(), e);
    }
  }

  /// A TLS context that trusts anybody.
  static SSLContext trustingAnybody() {
    try {
      return context(new TrustManager[] {new Anybody()});
    } catch (GeneralSecurityException e) {
      throw new ImageException(ErrorKind.INTERNAL, "TLS", "cannot set up TLS: " + e.getMessage(), e);
    }
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

  private static SSLContext context(TrustManager[] managers) throws GeneralSecurityException {
    var context = SSLContext.getInstance("TLS");
    context.init(null, managers, null);
    return context;
  }

  private static ImageException unreadable(Path file, Exception e) {
    return new ImageException(
        ErrorKind.INVALID_CONFIG, file.toString(), "cannot read certificates from " + file + ": " + e.getMessage(), e);
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
