package io.containerkit.image;

import static io.containerkit.image.TestImages.client;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.image.RegistryConfig.Access;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.RegistryException;
import io.containerkit.testing.LeavesNothing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A real registry that wants client certificates, and keys as openssl writes them.
@LeavesNothing
class ClientCertificateIT {

  @TempDir private static Path directory;
  private static TestAuthority authority;
  private static TestAuthority other;
  private static DockerRegistry registry;

  @BeforeAll
  static void start() throws Exception {
    authority = TestAuthority.create(directory.resolve("authority"));
    other = TestAuthority.create(directory.resolve("other"));
    registry = DockerRegistry.forClientsOf(authority, directory.resolve("registry"));
    authority.openssl("genrsa -out rsa.key 2048");
    authority.openssl("genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-256 -out ec.key");
    for (var name : new String[] {"rsa", "ec"}) {
      authority.sign(name + ".key", name + ".cert");
    }
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  private static Path file(String name) {
    return authority.directory().resolve(name);
  }

  private static void check(Access access) throws InterruptedException {
    try (var client = client().config(RegistryConfig.NONE.with(registry.host(), access)).build()) {
      client.check(registry.host());
    }
  }

  private static void check(String certificate, String key) throws InterruptedException {
    check(Access.ofAuthorities(authority.authorityFile()).withClientCertificate(new ClientCertificate(file(certificate), file(key))));
  }

  @ParameterizedTest
  @CsvSource({
    "genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048, BEGIN PRIVATE KEY",
    "genrsa -traditional 2048, BEGIN RSA PRIVATE KEY",
    "genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-384, BEGIN PRIVATE KEY",
    "ecparam -genkey -name prime256v1, BEGIN EC PRIVATE KEY",
    "ecparam -genkey -noout -name secp521r1, BEGIN EC PRIVATE KEY",
    "genpkey -algorithm ed25519, BEGIN PRIVATE KEY",
  })
  void takesKeysAsOpensslWritesThem(String how, String form) throws Exception {
    authority.openssl(how.replaceFirst(" ", " -out form.key "));
    assertThat(file("form.key")).content().contains(form);
    authority.sign("form.key", "form.cert");
    check("form.cert", "form.key");
  }

  @Test
  void takesCertificateAndKeyFromOneFileWithTextAroundThem() throws Exception {
    Files.writeString(file("both.pem"), "Bag Attributes\n  localKeyID: 01 02\n" + Files.readString(file("ec.key")));
    Files.writeString(file("both.pem"), Files.readString(file("ec.cert")), StandardOpenOption.APPEND);
    check("both.pem", "both.pem");
  }

  @Test
  void findsAuthorityAndClientInTheDirectoryOfTheHost() throws Exception {
    var etc = directory.resolve("etc");
    var certificates = Files.createDirectories(etc.resolve("docker/certs.d/" + registry.host()));
    Files.copy(authority.authorityFile(), certificates.resolve("ca.crt"));
    Files.copy(file("rsa.cert"), certificates.resolve("client.cert"));
    Files.copy(file("rsa.key"), certificates.resolve("client.key"));
    try (var client = client().config(RegistryConfig.host(Map.of(), directory, etc)).build()) {
      client.check(registry.host());
    }
  }

  @Test
  void insecureTrustsAnybodyAndStillProvesWhoAsks() throws Exception {
    check(Access.ofInsecure().withClientCertificate(new ClientCertificate(file("ec.cert"), file("ec.key"))));
  }

  @Test
  void saysWhatIsMissingWhereTheRegistryWantsACertificate() {
    assertThatThrownBy(() -> check(Access.ofAuthorities(authority.authorityFile())))
        .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNAUTHORIZED))
        .hasMessageStartingWith("GET https://" + registry.host() + "/v2/: it wants a client certificate, or another than it got; put NAME.cert")
        .hasMessageContaining("bad_certificate");
  }

  /// Repeated since every other time the connection is reset before the alert is read: then too it is no reason to ask over plain HTTP.
  @RepeatedTest(8)
  void saysThatTheRegistryTakesNoCertificateOfAnotherAuthority() {
    var access =
        Access.ofAuthorities(authority.authorityFile())
            .withClientCertificate(new ClientCertificate(other.certificate(), other.key()));
    assertThatThrownBy(() -> check(access))
        .hasMessageStartingWith("GET https://" + registry.host() + "/v2/: it wants a client certificate, or another than it got");
  }

  @ParameterizedTest
  @CsvSource({"pkey -aes256, BEGIN ENCRYPTED PRIVATE KEY", "rsa -traditional -aes256, Proc-Type: 4"})
  void refusesAnEncryptedKey(String how, String form) throws Exception {
    authority.openssl(how + " -passout pass:secret -in rsa.key -out encrypted.key");
    assertThat(file("encrypted.key")).content().contains(form);
    refused("rsa.cert", "encrypted.key", "the private key %2$s is encrypted, and there is nobody to ask for its passphrase; "
        + "decrypt it: openssl pkey -in %2$s -out FILE");
  }

  @Test
  void refusesAKeyThatDoesNotBelongToTheCertificate() throws Exception {
    authority.openssl("genrsa -out rsa2.key 2048");
    authority.openssl("genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-256 -out ec2.key");
    authority.openssl("ecparam -genkey -name secp384r1 -out ec384.key");
    for (var pair : new String[][] {{"rsa.cert", "rsa2.key"}, {"ec.cert", "ec2.key"}}) {
      refused(pair[0], pair[1], "the private key %2$s does not belong to the certificate %1$s");
    }
    authority.openssl("genrsa -traditional -out pkcs1.key 2048");
    for (var pair : new String[][] {{"rsa.cert", "ec.key"}, {"ec.cert", "rsa.key"}, {"ec.cert", "pkcs1.key"}}) {
      var kind = pair[0].startsWith("rsa") ? "RSA" : "EC";
      refused(pair[0], pair[1], "%2$s holds no " + kind + " key, which the certificate %1$s needs");
    }
    assertThatThrownBy(() -> check("ec.cert", "ec384.key")).isInstanceOf(ImageException.class).hasMessageContaining("ec384.key");
  }

  @Test
  void refusesWhatIsNoKeyAndNoCertificate() throws Exception {
    Files.writeString(file("text"), "nothing");
    Files.writeString(file("broken.key"), "-----BEGIN PRIVATE KEY-----\n%%%\n-----END PRIVATE KEY-----\n");
    Files.writeString(file("empty.key"), "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n");
    Files.writeString(file("half.key"), "MII\n-----END PRIVATE KEY-----\n-----BEGIN PRIVATE KEY-----\n");
    refused("ec.cert", "half.key", "%2$s holds no private key in PEM form");
    refused("ec.cert", "text", "%2$s holds no private key in PEM form");
    refused("ec.cert", "broken.key", "the PRIVATE KEY in %2$s is not base64");
    refused("ec.cert", "empty.key", "%2$s holds no EC key, which the certificate %1$s needs");
    refused("ec.cert", "absent", "cannot read %2$s: there is no such file");
    refused("text", "ec.key", "%1$s holds no certificate in PEM form");
    refused("absent", "ec.key", "cannot read %1$s: there is no such file");
  }

  private static void refused(String certificate, String key, String message) {
    assertThatThrownBy(() -> check(certificate, key))
        .isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_CONFIG))
        .hasMessage(message, file(certificate), file(key));
  }
}
