package io.containerkit.spec;

import java.net.URI;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A request to a registry failed. The message is `METHOD URI: reason`; neither it nor the URI carries a secret.
public final class RegistryException extends ContainerException {

  /// One entry of the error document that a registry answers with (distribution-spec, "Error Codes").
  ///
  /// @param code such as `MANIFEST_UNKNOWN`; empty where the registry gave none
  /// @param message the registry's words
  public record Reason(String code, String message) {}

  private final String method;
  private final URI uri;
  private final @Nullable Integer status;
  private final List<Reason> reasons;

  /// @param kind the failure's kind
  /// @param method the HTTP method
  /// @param uri what was asked for; the user info, the query and the fragment, where tokens travel, are dropped
  /// @param status the HTTP status, empty when there was no answer
  /// @param why what went wrong, in words
  /// @param reasons what the registry itself said
  /// @param cause what failed below, or null
  public RegistryException(
      ErrorKind kind,
      String method,
      URI uri,
      OptionalInt status,
      String why,
      List<Reason> reasons,
      @Nullable Throwable cause) {
    super(kind, method + " " + withoutSecrets(uri) + ": " + why, cause);
    this.method = method;
    this.uri = withoutSecrets(uri);
    this.status = status.isPresent() ? status.getAsInt() : null;
    this.reasons = List.copyOf(reasons);
  }

  /// The HTTP method.
  public String method() {
    return method;
  }

  /// What was asked for, without user info, query and fragment.
  public URI uri() {
    return uri;
  }

  /// The HTTP status; empty when there was no answer.
  public OptionalInt status() {
    return status == null ? OptionalInt.empty() : OptionalInt.of(status);
  }

  /// What the registry itself said, in its order.
  public List<Reason> reasons() {
    return reasons;
  }

  private static URI withoutSecrets(URI uri) {
    if (uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null) {
      return uri;
    }
    var authority = uri.getRawAuthority();
    var host = authority == null ? "" : authority.substring(authority.lastIndexOf('@') + 1);
    return URI.create(uri.getScheme() + "://" + host + uri.getRawPath());
  }
}
