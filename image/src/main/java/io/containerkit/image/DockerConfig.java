package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.Json;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonString;
import io.containerkit.spec.ObjectReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// The credentials that `docker login` keeps: `config.json` with its `auths`, and the helper programs that it names in
/// `credsStore` and `credHelpers`. Podman's `auth.json` has the same form.
///
/// The file is read anew for each question, so a login is seen at once. Thread-safe.
public final class DockerConfig implements CredentialSource {

  /// The name under which Docker keeps the credentials of its Hub.
  private static final String HUB_KEY = "https://index.docker.io/v1/";

  private final Path file;
  private final String searchPath;

  private DockerConfig(Path file, String searchPath) {
    this.file = file;
    this.searchPath = searchPath;
  }

  /// The configuration in this file, which need not exist.
  public static DockerConfig of(Path file) {
    return of(file, System.getenv());
  }

  /// The user's own: `$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`.
  public static DockerConfig user() {
    return user(System.getenv(), Path.of(System.getProperty("user.home", "/")));
  }

  static DockerConfig of(Path file, Map<String, String> env) {
    return new DockerConfig(file, env.getOrDefault("PATH", ""));
  }

  static DockerConfig user(Map<String, String> env, Path home) {
    var directory = env.getOrDefault("DOCKER_CONFIG", "");
    var place = directory.isEmpty() ? home.resolve(".docker") : Path.of(directory);
    return of(place.resolve("config.json"), env);
  }

  /// The file.
  public Path file() {
    return file;
  }

  @Override
  public Credential credential(String registry) throws InterruptedException {
    var config = read();
    var helper = helper(config, registry);
    if (!helper.isEmpty()) {
      var known = new CredentialHelper(helper, searchPath).get(key(registry));
      if (!known.equals(Credential.ANONYMOUS)) {
        return known;
      }
    }
    return ObjectReader.of(config, file.toString()).objectMap("auths").entrySet().stream()
        .filter(entry -> names(entry.getKey(), registry))
        .map(entry -> entry(entry.getValue()))
        .filter(known -> !known.equals(Credential.ANONYMOUS))
        .findFirst()
        .orElse(Credential.ANONYMOUS);
  }

  /// Keeps a name and password: in the helper that the file names for this registry, else in the file itself.
  public void login(String registry, Credential.Password password) throws InterruptedException {
    var config = read();
    var helper = helper(config, registry);
    if (!helper.isEmpty()) {
      new CredentialHelper(helper, searchPath).store(key(registry), password);
      return;
    }
    var pair = (password.username() + ":" + password.password()).getBytes(StandardCharsets.UTF_8);
    var entry = JsonObject.EMPTY.with("auth", Base64.getEncoder().encodeToString(pair));
    write(config.with("auths", without(auths(config), registry).with(key(registry), entry)));
  }

  /// Forgets what is kept for a registry, in the helper and in the file.
  public void logout(String registry) throws InterruptedException {
    var config = read();
    var helper = helper(config, registry);
    if (!helper.isEmpty()) {
      new CredentialHelper(helper, searchPath).erase(key(registry));
    }
    var auths = auths(config);
    var left = without(auths, registry);
    if (!left.equals(auths)) {
      write(config.with("auths", left));
    }
  }

  private JsonObject read() {
    return Files.exists(file) ? Json.readObject(file) : JsonObject.EMPTY;
  }

  private static JsonObject auths(JsonObject config) {
    return config.get("auths") instanceof JsonObject auths ? auths : JsonObject.EMPTY;
  }

  private static JsonObject without(JsonObject auths, String registry) {
    for (var name : List.copyOf(auths.members().keySet())) {
      if (names(name, registry)) {
        auths = auths.without(name);
      }
    }
    return auths;
  }

  private static String helper(JsonObject config, String registry) {
    if (config.get("credHelpers") instanceof JsonObject helpers) {
      for (var entry : helpers.members().entrySet()) {
        if (names(entry.getKey(), registry) && entry.getValue() instanceof JsonString name) {
          return name.value();
        }
      }
    }
    return config.get("credsStore") instanceof JsonString name ? name.value() : "";
  }

  private static String key(String registry) {
    return registry.equals(ImageReference.DOCKER_HUB) ? HUB_KEY : registry;
  }

  /// Whether an entry's name means the registry: the host, or a URL with it, as older clients wrote.
  private static boolean names(String entry, String registry) {
    var scheme = entry.indexOf("://");
    var host = scheme < 0 ? entry : entry.substring(scheme + 3);
    var slash = host.indexOf('/');
    var path = slash < 0 ? "" : host.substring(slash);
    host = slash < 0 ? host : host.substring(0, slash);
    if (!path.isEmpty() && !path.equals("/") && !path.equals("/v1/") && !path.equals("/v2/") && !path.equals("/v1")) {
      return false; // Podman's entries for one repository only: not for the whole registry.
    }
    return host.equals(registry)
        || (registry.equals(ImageReference.DOCKER_HUB) && host.equals("index.docker.io"));
  }

  private static Credential entry(ObjectReader in) {
    var identity = in.string("identitytoken");
    if (!identity.isEmpty()) {
      return new Credential.IdentityToken(identity);
    }
    var bearer = in.string("registrytoken");
    if (!bearer.isEmpty()) {
      return new Credential.RegistryToken(bearer);
    }
    var auth = in.string("auth");
    if (auth.isEmpty()) {
      var username = in.string("username");
      return username.isEmpty() ? Credential.ANONYMOUS : new Credential.Password(username, in.string("password"));
    }
    try {
      var pair = new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8);
      var colon = pair.indexOf(':');
      if (colon > 0) {
        // Docker pads with NUL bytes.
        return new Credential.Password(pair.substring(0, colon), pair.substring(colon + 1).replaceAll("\0+$", ""));
      }
    } catch (IllegalArgumentException _) {
      // The message must not hold the secret, as the decoder's does in part.
      throw in.problem("auth", "is not base64");
    }
    throw in.problem("auth", "is not base64 of name:password");
  }

  private void write(JsonObject config) {
    try {
      var directory = file.toAbsolutePath().getParent();
      Files.createDirectories(directory);
      // A link to elsewhere stays a link.
      var target = Files.exists(file) ? file.toRealPath() : file;
      var temporary =
          Files.createTempFile(
              target.toAbsolutePath().getParent(),
              ".config",
              ".json",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try {
        Files.write(temporary, Json.writePretty(config));
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new ImageException(ErrorKind.IO, file.toString(), "cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
