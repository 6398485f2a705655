package io.containerkit.cli;

import io.containerkit.image.Credential;
import io.containerkit.image.DockerConfig;
import io.containerkit.image.ImagesBuilder;
import io.containerkit.image.RegistryConfig;
import java.nio.file.Path;
import java.util.Optional;

/// How a command reaches a registry, where that differs from what the files of this machine say.
///
/// @param credentials who asks
/// @param authFile the file with logins
/// @param tlsVerify whether the registry must prove who it is
record RegistryFlags(Optional<Credential.Password> credentials, Optional<Path> authFile, boolean tlsVerify) {

  static void describe(Flags flags) {
    describeFile(flags.section("Registry").value("creds", "USER:PASSWORD", "Who asks; without it, who is logged in."));
  }

  /// The flags of login and logout, which are about credentials themselves.
  static void describeFile(Flags flags) {
    flags
        .value("authfile", "FILE", "The file with logins; $DOCKER_CONFIG/config.json or ~/.docker/config.json without it.")
        .value("tls-verify", "true|false", "Whether the registry must speak TLS with a certificate that is trusted.");
  }

  static RegistryFlags of(Arguments arguments) {
    return new RegistryFlags(
        arguments.text("creds").map(text -> password(arguments, text)),
        Values.path(arguments, "authfile"),
        Values.choice(arguments, "tls-verify", "true", "false").orElse("true").equals("true"));
  }

  private static Credential.Password password(Arguments arguments, String text) {
    int colon = text.indexOf(':');
    if (colon < 1) {
      // Not shown: it may be a password.
      throw arguments.mistake("--creds: write USER:PASSWORD");
    }
    return new Credential.Password(text.substring(0, colon), text.substring(colon + 1));
  }

  /// Whether the files of this machine say everything.
  boolean areUsual() {
    return credentials.isEmpty() && authFile.isEmpty() && tlsVerify;
  }

  /// Describes the images that these flags ask for.
  ///
  /// @param registry which registry they are about
  void configure(ImagesBuilder builder, String registry) {
    credentials.ifPresent(password -> builder.credentials(asked -> asked.equals(registry) ? password : Credential.ANONYMOUS));
    authFile.map(DockerConfig::of).ifPresent(builder::logins);
    if (!tlsVerify) {
      builder.registries(RegistryConfig.host().withInsecure(registry));
    }
  }
}
