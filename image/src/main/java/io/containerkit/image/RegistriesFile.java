package io.containerkit.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import io.containerkit.image.RegistryConfig.Access;
import io.containerkit.image.RegistryConfig.Mirror;
import io.containerkit.image.RegistryConfig.Registry;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.Json;
import io.containerkit.spec.ObjectReader;
import io.containerkit.spec.SpecException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a file in the form of containers-registries.conf(5), version 2. Keys at the top that are not ours are left alone; an
/// unknown key of a registry or mirror is refused, since it may have been meant to protect something.
final class RegistriesFile {

  private RegistriesFile() {}

  static List<Registry> read(Path file) {
    try {
      // TOML to JSON text: from there on it is read as every other document is.
      var json = new TomlMapper().readTree(Files.readString(file)).toString();
      var document = Json.readObject(json);
      var in = ObjectReader.of(document, file.toString());
      if (document.get("registries") != null) {
        // Read as nothing, it would leave open what it blocks.
        throw in.problem("registries", "is the form of version 1, which is not read; write a [[registry]] for each");
      }
      return in.objects("registry").stream().map(RegistriesFile::registry).toList();
    } catch (JsonProcessingException e) {
      throw new SpecException(file.toString(), "", e.getOriginalMessage() + place(e), e);
    } catch (IOException e) {
      throw new ImageException(ErrorKind.IO, file.toString(), "cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /// The registries of several files. What a later one says about a prefix replaces all that an earlier one does.
  static List<Registry> read(List<Path> files) {
    var byPrefix = new LinkedHashMap<String, Registry>();
    for (var file : files) {
      for (var registry : read(file)) {
        byPrefix.put(registry.prefix(), registry);
      }
    }
    return List.copyOf(byPrefix.values());
  }

  /// The files `*.conf` of a directory, in the order of their names; none if it does not exist.
  static List<Path> dropIns(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".conf") && Files.isRegularFile(file)).sorted().toList();
    } catch (IOException e) {
      throw new ImageException(ErrorKind.IO, directory.toString(), "cannot read " + directory + ": " + e.getMessage(), e);
    }
  }

  private static String place(JsonProcessingException e) {
    return e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
  }

  private static Registry registry(ObjectReader in) {
    var location = in.string("location");
    var prefix = in.string("prefix");
    if (prefix.isEmpty() && location.isEmpty()) {
      throw in.problem("prefix", "is missing, and so is location: one of them must say which registry is meant");
    }
    if (prefix.startsWith("*.") && !location.isEmpty()) {
      throw in.problem("location", "cannot go with a prefix that starts with *.");
    }
    var byDigestOnly = in.flag("mirror-by-digest-only");
    var mirrors = in.objects("mirror").stream().map(mirror -> mirror(mirror, byDigestOnly)).toList();
    var registry =
        new Registry(
            prefix.isEmpty() ? location : prefix, prefix.isEmpty() ? "" : location, in.flag("blocked"), mirrors, access(in));
    refuseUnknown(in);
    return registry;
  }

  private static Mirror mirror(ObjectReader in, boolean byDigestOnly) {
    var use =
        switch (in.string("pull-from-mirror")) {
          case "" -> byDigestOnly ? Mirror.Use.DIGEST_ONLY : Mirror.Use.ALL;
          case "all" -> Mirror.Use.ALL;
          case "digest-only" -> Mirror.Use.DIGEST_ONLY;
          case "tag-only" -> Mirror.Use.TAG_ONLY;
          default -> throw in.problem("pull-from-mirror", "is none of all, digest-only, tag-only");
        };
    var mirror = new Mirror(in.requiredString("location"), use, access(in));
    refuseUnknown(in);
    return mirror;
  }

  private static Access access(ObjectReader in) {
    return new Access(
        in.flag("insecure"),
        in.strings("ca").stream().map(Path::of).toList(),
        clientCertificate(in),
        proxy(in),
        in.strings("realms"));
  }

  private static List<ClientCertificate> clientCertificate(ObjectReader in) {
    var certificate = in.string("client-cert");
    var key = in.string("client-key");
    if (certificate.isEmpty() != key.isEmpty()) {
      throw in.problem(key.isEmpty() ? "client-key" : "client-cert", "is missing: client-cert and client-key go together");
    }
    return key.isEmpty() ? List.of() : List.of(new ClientCertificate(Path.of(certificate), Path.of(key)));
  }

  private static @Nullable URI proxy(ObjectReader in) {
    var text = in.string("proxy");
    try {
      return text.isEmpty() ? null : new URI(text);
    } catch (URISyntaxException _) {
      throw in.problem("proxy", "is not a URL"); // Not shown: it may hold a password.
    }
  }

  private static void refuseUnknown(ObjectReader in) {
    for (var member : in.rest().members().entrySet()) {
      // What says nothing (false, "", []) stays unread and is harmless where the key is known.
      if (!KNOWN.contains(member.getKey())) {
        throw in.problem(member.getKey(), "is not a key that is known here; those are " + String.join(", ", KNOWN));
      }
    }
  }

  private static final List<String> KNOWN =
      List.of(
          "prefix", "location", "insecure", "blocked", "mirror", "mirror-by-digest-only", "pull-from-mirror", "ca",
          "client-cert", "client-key", "proxy", "realms");
}
