package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The name of an image: registry, repository, and a tag or a digest or both. Parsed exactly as Docker does: `ubuntu` is
/// `docker.io/library/ubuntu:latest`, the first part is a host when it has a dot, a colon or a capital, or is `localhost`. Where
/// both are given the digest decides what is pulled. An instance is valid by construction, so it may become part of a URL.
///
/// @param registry host and port: `docker.io`, `localhost:5000`, `[::1]:5000`
/// @param repository the path within the registry: `library/ubuntu`
/// @param tag the tag, or null
/// @param digest the digest, or null
public record ImageReference(
    String registry, String repository, @Nullable String tag, @Nullable Digest digest) {

  /// The registry of names that have none.
  public static final String DOCKER_HUB = "docker.io";

  private static final int LONGEST_REPOSITORY = 255;
  private static final int LONGEST_TAG = 128;
  private static final int LONGEST_REGISTRY = 259; // a DNS name of 253, a colon, a port of 5
  private static final String OFFICIAL = "library/";

  private static final Pattern LABEL = Pattern.compile("[a-zA-Z0-9]+(?:-+[a-zA-Z0-9]+)*+");
  private static final Pattern IPV6 = Pattern.compile("\\[[a-fA-F0-9:]++]");
  private static final Pattern PORT = Pattern.compile("[0-9]++");
  private static final Pattern COMPONENT =
      Pattern.compile("[a-z0-9]++(?:(?:[._]|__|-++)[a-z0-9]++)*+");
  private static final Pattern TAG = Pattern.compile("\\w[\\w.-]*+");
  private static final Pattern IMAGE_ID = Pattern.compile("[a-f0-9]{64}");

  public ImageReference {
    checkRegistry(registry);
    checkRepository(repository);
    if (tag != null) {
      checkTag(tag);
    }
  }

  /// Parses a reference. One without tag and digest gets the tag `latest`.
  ///
  /// @throws ImageException if Docker would refuse it too, kind [ErrorKind#INVALID_ARGUMENT]
  public static ImageReference of(String text) {
    try {
      return parse(text);
    } catch (ImageException e) {
      throw new ImageException(
          ErrorKind.INVALID_ARGUMENT,
          text,
          "invalid image reference " + Quoted.of(text) + ": " + e.getMessage(),
          null);
    }
  }

  private static ImageReference parse(String text) {
    if (text.isEmpty()) {
      throw refused("it is empty");
    }
    if (IMAGE_ID.matcher(text).matches()) {
      throw refused("64 hexadecimal digits are an image ID, not a name");
    }
    var name = text;
    Digest digest = null;
    var at = name.indexOf('@');
    if (at >= 0) {
      digest = Digest.of(name.substring(at + 1));
      name = name.substring(0, at);
    }
    var slash = name.indexOf('/');
    var first = slash < 0 ? "" : name.substring(0, slash);
    var registry = isRegistry(first) ? first : DOCKER_HUB;
    var rest = isRegistry(first) ? name.substring(slash + 1) : name;
    if (registry.equals("index.docker.io")) {
      registry = DOCKER_HUB;
    }
    String tag = null;
    var colon = rest.lastIndexOf(':');
    if (colon > rest.lastIndexOf('/')) {
      tag = rest.substring(colon + 1);
      rest = rest.substring(0, colon);
    }
    if (rest.isEmpty()) {
      throw refused("it names no repository");
    }
    var repository = registry.equals(DOCKER_HUB) && rest.indexOf('/') < 0 ? OFFICIAL + rest : rest;
    return new ImageReference(
        registry, repository, tag == null && digest == null ? "latest" : tag, digest);
  }

  private static boolean isRegistry(String first) {
    return first.equals("localhost")
        || first.indexOf('.') >= 0
        || first.indexOf(':') >= 0
        || !first.equals(first.toLowerCase(Locale.ROOT));
  }

  /// The same image by another tag; a digest is dropped.
  public ImageReference withTag(String newTag) {
    return new ImageReference(registry, repository, newTag, null);
  }

  /// The same repository at `newDigest`; the tag is kept as a note of where it came from.
  public ImageReference withDigest(Digest newDigest) {
    return new ImageReference(registry, repository, tag, newDigest);
  }

  /// Registry and repository: `docker.io/library/ubuntu`.
  public String name() {
    return registry + "/" + repository;
  }

  /// What a registry is asked for: the digest if there is one, else the tag, else `latest`.
  public String identifier() {
    if (digest != null) {
      return digest.toString();
    }
    return tag != null ? tag : "latest";
  }

  /// The short form that people know: `ubuntu:latest` for `docker.io/library/ubuntu:latest`.
  public String familiar() {
    var shortName = name();
    if (registry.equals(DOCKER_HUB)) {
      shortName = repository;
      if (shortName.startsWith(OFFICIAL) && shortName.indexOf('/', OFFICIAL.length()) < 0) {
        shortName = shortName.substring(OFFICIAL.length());
      }
    }
    return shortName + suffix();
  }

  /// The full form, which [#of] reads back.
  @Override
  public String toString() {
    return name() + suffix();
  }

  private String suffix() {
    return (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
  }

  private static void checkRegistry(String registry) {
    var bracket = registry.lastIndexOf(']');
    var colon = registry.indexOf(':', Math.max(bracket, 0));
    var host = colon < 0 ? registry : registry.substring(0, colon);
    var port = colon < 0 ? "" : registry.substring(colon + 1);
    if (registry.length() > LONGEST_REGISTRY) {
      throw refused("the registry's name is longer than " + LONGEST_REGISTRY + " characters");
    }
    if (colon >= 0 && !PORT.matcher(port).matches()) {
      throw refused("the registry's port " + Quoted.of(port) + " is not a number");
    }
    if (IPV6.matcher(host).matches()) {
      return;
    }
    for (var label : host.split("\\.", -1)) {
      if (!LABEL.matcher(label).matches()) {
        throw refused(Quoted.of(host) + " is not a host name");
      }
    }
  }

  private static void checkRepository(String repository) {
    if (repository.length() > LONGEST_REPOSITORY) {
      throw refused("the repository is longer than " + LONGEST_REPOSITORY + " characters");
    }
    if (!repository.equals(repository.toLowerCase(Locale.ROOT))) {
      throw refused("the repository " + Quoted.of(repository) + " must be in lower case");
    }
    for (var component : repository.split("/", -1)) {
      if (!COMPONENT.matcher(component).matches()) {
        throw refused(
            Quoted.of(component)
                + " is not a part of a repository: letters and digits, joined by one of . _ __ or -");
      }
    }
  }

  private static void checkTag(String tag) {
    if (tag.length() > LONGEST_TAG) {
      throw refused("the tag is longer than " + LONGEST_TAG + " characters");
    }
    if (!TAG.matcher(tag).matches()) {
      throw refused(
          "the tag " + Quoted.of(tag) + " may have letters, digits, . _ - only, and not start with . or -");
    }
  }

  private static ImageException refused(String why) {
    return new ImageException(ErrorKind.INVALID_ARGUMENT, "", why, null);
  }
}
