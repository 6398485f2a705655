package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.net.URI;
import java.util.Set;

/// A repository at the place where it is asked for: the registry itself, or a mirror of it.
///
/// @param registry the host and port, by which credentials are found
/// @param repository the repository's path there
/// @param access how the host is reached
record Endpoint(String registry, String repository, RegistryConfig.Access access) {

  private static final Set<String> LOOPBACK = Set.of("localhost", "[::1]");

  /// The host and port that speak the protocol.
  String host() {
    return registry.equals(ImageReference.DOCKER_HUB) ? "registry-1.docker.io" : registry;
  }

  /// Whether plain HTTP is allowed: by configuration, or because nothing leaves this machine.
  boolean plainAllowed() {
    return access.insecure() || isLoopback(base("http").getHost());
  }

  /// The registry's root over a scheme.
  URI base(String scheme) {
    var uri = URI.create(scheme + "://" + host() + "/v2/");
    if (uri.getHost() == null || uri.getPort() > 65_535) {
      throw new ImageException(
          ErrorKind.INVALID_ARGUMENT, registry, Quoted.of(registry) + " is no host and port", null);
    }
    return uri;
  }

  /// Whether a host as [URI#getHost] gives it is this machine, by its name alone.
  static boolean isLoopback(String host) {
    return LOOPBACK.contains(host) || host.matches("127(\\.[0-9]{1,3}){3}");
  }

  @Override
  public String toString() {
    return registry + "/" + repository;
  }
}
