package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// Reads a client certificate and its private key, and checks that they belong together.
final class ClientKey {

  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;

  private final ClientCertificate files;

  private ClientKey(ClientCertificate files) {
    this.files = files;
  }

  static KeyStore.PrivateKeyEntry load(ClientCertificate files) {
    return new ClientKey(files).load();
  }

  private KeyStore.PrivateKeyEntry load() {
    try {
      var chain = chain();
      var owner = chain[0].getPublicKey();
      var key = key(owner);
      if (!belongTogether(key, owner)) {
        throw refused("the private key " + files.key() + " does not belong to the certificate " + files.certificate(), null);
      }
      return new KeyStore.PrivateKeyEntry(key, chain);
    } catch (GeneralSecurityException e) {
      throw refused("cannot use the client certificate " + files.certificate() + ": " + e.getMessage(), e);
    }
  }

  private Certificate[] chain() throws GeneralSecurityException {
    var factory = CertificateFactory.getInstance("X.509");
    var chain = new ArrayList<Certificate>();
    for (var block : Certificates.blocks(files.certificate())) {
      if (block.label().equals("CERTIFICATE")) {
        chain.add(factory.generateCertificate(new ByteArrayInputStream(block.bytes())));
      }
    }
    if (chain.isEmpty()) {
      throw refused(files.certificate() + " holds no certificate in PEM form", null);
    }
    return chain.toArray(Certificate[]::new);
  }

  private PrivateKey key(PublicKey owner) throws GeneralSecurityException {
    var block =
        Certificates.blocks(files.key()).stream()
            .filter(found -> found.label().endsWith("PRIVATE KEY"))
            .findFirst()
            .orElseThrow(() -> refused(files.key() + " holds no private key in PEM form", null));
    if (block.encrypted()) {
      throw refused(
          "the private key "
              + files.key()
              + " is encrypted, and there is nobody to ask for its passphrase; decrypt it: openssl pkey -in "
              + files.key()
              + " -out FILE",
          null);
    }
    // Only PKCS#8 tells by itself what kind of key it holds.
    var encoded = block.label().equals("PRIVATE KEY") ? block.bytes() : pkcs8(block.bytes(), owner);
    try {
      return KeyFactory.getInstance(owner.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (InvalidKeySpecException e) {
      throw refused(
          files.key() + " holds no " + owner.getAlgorithm() + " key, which the certificate " + files.certificate() + " needs", e);
    }
  }

  /// An RSA key in the form of PKCS#1, or an EC key in that of SEC 1, in the envelope of PKCS#8 (RFC 5208). The kind of key, and the curve,
  /// are taken from the certificate: a key of another kind then fails, as it must.
  private static byte[] pkcs8(byte[] key, PublicKey owner) {
    var content = new ByteArrayOutputStream();
    content.writeBytes(new byte[] {0x02, 0x01, 0x00}); // INTEGER 0, the version
    var info = owner.getEncoded(); // SEQUENCE of an AlgorithmIdentifier, which PKCS#8 has too, and the public key
    var algorithm = contentStart(info, 0);
    content.write(info, algorithm, contentStart(info, algorithm) + contentLength(info, algorithm) - algorithm);
    content.writeBytes(der(OCTET_STRING, key));
    return der(SEQUENCE, content.toByteArray());
  }

  private static byte[] der(int tag, byte[] content) {
    var out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else {
      out.write(0x82); // Two bytes of length: keys have no 64 KiB.
      out.write(content.length >> 8);
      out.write(content.length);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  /// How many bytes tell the length of the element at `start`, besides the first.
  private static int lengthBytes(byte[] der, int start) {
    return (der[start + 1] & 0x80) == 0 ? 0 : der[start + 1] & 0x7f;
  }

  private static int contentStart(byte[] der, int start) {
    return start + 2 + lengthBytes(der, start);
  }

  private static int contentLength(byte[] der, int start) {
    var bytes = lengthBytes(der, start);
    if (bytes == 0) {
      return der[start + 1];
    }
    var length = 0;
    for (var i = 0; i < bytes; i++) {
      length = (length << 8) | (der[start + 2 + i] & 0xff);
    }
    return length;
  }

  private static boolean belongTogether(PrivateKey key, PublicKey owner) throws GeneralSecurityException {
    if (key instanceof RSAKey mine && owner instanceof RSAKey theirs) {
      return mine.getModulus().equals(theirs.getModulus());
    }
    var algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : key.getAlgorithm();
    try {
      var signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      var proof = signature.sign();
      signature.initVerify(owner);
      return signature.verify(proof);
    } catch (InvalidKeyException | SignatureException _) {
      return false; // A key of another curve.
    }
  }

  private ImageException refused(String why, @Nullable Exception cause) {
    return new ImageException(ErrorKind.INVALID_CONFIG, files.key().toString(), why, cause);
  }
}
