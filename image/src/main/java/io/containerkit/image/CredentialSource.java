package io.containerkit.image;

/// Knows the credentials of registries. Asked by a [RegistryClient] from any thread: once for each registry,
/// and again after it was refused there, or after [RegistryClient#forgetCredentials].
@FunctionalInterface
public interface CredentialSource {

  /// The credential for a registry.
  ///
  /// @param registry host and port as in [ImageReference#registry()]: `docker.io`, `localhost:5000`
  /// @return the credential, or [Credential#ANONYMOUS]
  Credential credential(String registry) throws InterruptedException;

  /// Knows none.
  static CredentialSource none() {
    return _ -> Credential.ANONYMOUS;
  }
}
