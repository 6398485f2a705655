package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.Json;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonString;
import io.containerkit.spec.RegistryException;
import io.containerkit.spec.RegistryException.Reason;
import io.containerkit.spec.SpecException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Turns what went wrong into a [RegistryException].
final class Failures {

  private static final int LONGEST_ERROR = 64 << 10;
  private static final int MOST_REASONS = 10;
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  /// The alerts of RFC 8446, section 6.2, that a server sends about the certificate of its client.
  private static final List<String> ABOUT_CLIENT =
      List.of(
          "certificate_required", "bad_certificate", "unsupported_certificate", "certificate_revoked", "certificate_expired",
          "certificate_unknown", "unknown_ca", "access_denied");

  private Failures() {}

  /// A status that is not the one hoped for. Reads the body.
  static RegistryException status(Response response) {
    var reasons = reasons(response);
    var said =
        reasons.stream()
            .map(reason -> (reason.code() + " " + reason.message()).strip())
            .collect(Collectors.joining("; "));
    var why = response.status() + " " + phrase(response.status()) + (said.isEmpty() ? "" : ": " + said);
    return new RegistryException(
        kind(response.status()),
        response.request().method(),
        response.uri(),
        OptionalInt.of(response.status()),
        why,
        reasons,
        null);
  }

  /// An answer that is not what it should be.
  static RegistryException answer(ErrorKind kind, Response response, String why) {
    return new RegistryException(
        kind,
        response.request().method(),
        response.uri(),
        OptionalInt.of(response.status()),
        why,
        List.of(),
        null);
  }

  /// No answer, or one that broke off.
  static RegistryException io(Request request, IOException e) {
    var kind =
        switch (e) {
          case HttpTimeoutException _ -> ErrorKind.TIMED_OUT;
          case ProxyException proxy -> proxy.kind();
          case BodyStream.TooLongException _ -> ErrorKind.CORRUPT;
          case SSLException _ when isClientRefused(e) -> ErrorKind.UNAUTHORIZED;
          default -> ErrorKind.IO;
        };
    return new RegistryException(
        kind, request.method(), request.uri(), OptionalInt.empty(), words(e), List.of(), e);
  }

  /// A request that is not made.
  static RegistryException refused(ErrorKind kind, Request request, String why) {
    return new RegistryException(
        kind, request.method(), request.uri(), OptionalInt.empty(), why, List.of(), null);
  }

  private static String words(Throwable e) {
    if (e instanceof ProxyException) {
      return String.valueOf(e.getMessage());
    }
    if (isDistrust(e)) {
      return "its certificate is not trusted; name its authority by `ca` in registries.conf, or in certs.d ("
          + Quoted.plain(String.valueOf(e.getMessage()))
          + ")";
    }
    if (isClientRefused(e)) {
      return "it wants a client certificate, or another than it got; put NAME.cert and NAME.key into certs.d, or name them by"
          + " `client-cert` and `client-key` in registries.conf ("
          + Quoted.plain(String.valueOf(e.getMessage()))
          + ")";
    }
    if (e instanceof ConnectException) {
      return isUnknownHost(e) ? "there is no host of this name" : "cannot connect: nobody listens there, or the host cannot be reached";
    }
    // The JDK's other failures have no message of their own, or only in their cause.
    var name = e.getClass().getSimpleName().replaceFirst("Exception$", "");
    if (e.getMessage() != null) {
      return Quoted.plain(e.getMessage());
    }
    return e.getCause() == null ? name : name + ": " + words(e.getCause());
  }

  private static boolean isUnknownHost(@Nullable Throwable e) {
    return e != null && (e instanceof UnresolvedAddressException || e instanceof UnknownHostException || isUnknownHost(e.getCause()));
  }

  /// Whether a connection failed since the other side could not prove who it is.
  static boolean isDistrust(@Nullable Throwable e) {
    return e != null && (e instanceof GeneralSecurityException || isDistrust(e.getCause()));
  }

  /// Whether the other side ended a TLS connection for want of a client certificate that it takes.
  static boolean isClientRefused(@Nullable Throwable e) {
    return e != null
        && (e instanceof ClientWantedException
            || (e instanceof SSLException && saysClientRefused(e.getMessage()))
            || isClientRefused(e.getCause()));
  }

  private static boolean saysClientRefused(@Nullable String message) {
    return message != null && ABOUT_CLIENT.stream().anyMatch(alert -> message.endsWith("Received fatal alert: " + alert));
  }

  private static ErrorKind kind(int status) {
    return switch (status) {
      case 401, 403 -> ErrorKind.UNAUTHORIZED;
      case 404 -> ErrorKind.NOT_FOUND;
      case 405, 501 -> ErrorKind.UNSUPPORTED;
      case 408, 504 -> ErrorKind.TIMED_OUT;
      case 409, 429, 503 -> ErrorKind.BUSY;
      case 413, 507 -> ErrorKind.NO_SPACE;
      default -> status >= 400 && status < 500 ? ErrorKind.INVALID_ARGUMENT : ErrorKind.IO;
    };
  }

  private static String phrase(int status) {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> "Redirect";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized (wrong or no credentials; log in to the registry)";
      case 403 -> "Forbidden (the credentials do not allow it)";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 413 -> "Too Large";
      case 416 -> "Range Not Satisfiable";
      case 429 -> "Too Many Requests";
      case 500 -> "Internal Server Error";
      case 502 -> "Bad Gateway";
      case 503 -> "Service Unavailable";
      case 504 -> "Gateway Timeout";
      default -> "unexpected";
    };
  }

  private static List<Reason> reasons(Response response) {
    try {
      var body = response.body().readAll(LONGEST_ERROR, DEADLINE);
      var reasons = new ArrayList<Reason>();
      if (body.length > 0
          && Json.read(body) instanceof JsonObject object
          && object.get("errors") instanceof JsonArray errors) {
        for (var error : errors.values()) {
          if (error instanceof JsonObject members && reasons.size() < MOST_REASONS) {
            reasons.add(new Reason(text(members, "code"), text(members, "message")));
          }
        }
      }
      return reasons;
    } catch (SpecException | IOException _) {
      return List.of(); // A page for people, or a broken body: the status says enough.
    }
  }

  private static String text(JsonObject members, String name) {
    return members.get(name) instanceof JsonString s ? Quoted.plain(s.value()) : "";
  }
}
