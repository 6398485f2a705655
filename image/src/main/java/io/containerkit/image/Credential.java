package io.containerkit.image;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// What proves to a registry who is asking. None of them shows its secret in `toString`.
public sealed interface Credential {

  /// Nothing is proven: only what is public can be had.
  Credential ANONYMOUS = new Anonymous();

  /// Asks as nobody.
  record Anonymous() implements Credential {}

  /// A name and a password, or a token that a registry takes in the place of a password.
  ///
  /// @param username the name
  /// @param password the secret
  record Password(String username, String password) implements Credential {

    /// The value of an `Authorization` header (RFC 7617).
    String authorization() {
      var pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    @Override
    public String toString() {
      return "Password[username=" + username + "]";
    }
  }

  /// An OAuth 2 refresh token, which a registry's token service exchanges for a token to use.
  ///
  /// @param token the secret
  record IdentityToken(String token) implements Credential {
    @Override
    public String toString() {
      return "IdentityToken[]";
    }
  }

  /// A bearer token that is sent as it is.
  ///
  /// @param token the secret
  record RegistryToken(String token) implements Credential {
    @Override
    public String toString() {
      return "RegistryToken[]";
    }
  }
}
