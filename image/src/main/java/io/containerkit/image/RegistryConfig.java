package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where images come from: mirrors, registries without or with a private certificate, proxies. Read from a file in the form of
/// containers-registries.conf(5); `docs/registries.md` tells its keys.
///
/// @param registries the registries that something is said about
/// @param certificateDirectories directories with a subdirectory `HOST[:PORT]` for each registry, as containers-certs.d(5) and Docker have
///     them: its `*.crt` files are trusted for it, and each `NAME.cert` with `NAME.key` proves to it who is asking
/// @param proxies the proxies for registries that name none of their own
public record RegistryConfig(List<Registry> registries, List<Path> certificateDirectories, Proxies proxies) {

  /// What is said about the images whose names start with a prefix.
  ///
  /// @param prefix the start of a name, at a border of its parts: `docker.io/library`; or `*.example.com`
  /// @param location what the prefix is replaced by; empty for the prefix itself
  /// @param blocked whether these images must not be used
  /// @param mirrors places to ask first, in order
  /// @param access how the registry itself is reached
  public record Registry(
      String prefix, String location, boolean blocked, List<Mirror> mirrors, Access access) {
    public Registry {
      mirrors = List.copyOf(mirrors);
    }

    private Registry insecure() {
      return new Registry(prefix, location, blocked, mirrors, access.withInsecure());
    }

    /// Whether this says something about `name`.
    boolean covers(String name) {
      if (prefix.startsWith("*.")) {
        var host = name.substring(0, (name + "/").indexOf('/'));
        return host.endsWith(prefix.substring(1)) && host.length() > prefix.length() - 1;
      }
      return name.equals(prefix) || name.startsWith(prefix + "/");
    }
  }

  /// A place that has copies of a registry's images.
  ///
  /// @param location what the prefix is replaced by
  /// @param use which pulls may be served
  /// @param access how it is reached
  public record Mirror(String location, Use use, Access access) {

    /// Which pulls a mirror may serve.
    public enum Use {
      /// All.
      ALL,
      /// Those by digest, where the mirror cannot lie.
      DIGEST_ONLY,
      /// Those by tag.
      TAG_ONLY
    }

    boolean serves(ImageReference reference) {
      return switch (use) {
        case ALL -> true;
        case DIGEST_ONLY -> reference.digest() != null;
        case TAG_ONLY -> reference.digest() == null;
      };
    }
  }

  /// How a host is reached.
  ///
  /// @param insecure whether plain HTTP and certificates of nobody known will do
  /// @param authorities files of certificates (PEM) that are trusted besides those of the Java runtime
  /// @param clientCertificates what proves who is asking, if the host wants that
  /// @param proxy the proxy to go through, as in [Proxies], or null for what [RegistryConfig#proxies()] says
  /// @param realms hosts that may ask for this registry's credentials although their address is private
  public record Access(
      boolean insecure,
      List<Path> authorities,
      List<ClientCertificate> clientCertificates,
      @Nullable URI proxy,
      List<String> realms) {

    /// Nothing special.
    public static final Access DEFAULT = new Access(false, List.of(), List.of(), null, List.of());

    public Access {
      authorities = List.copyOf(authorities);
      clientCertificates = List.copyOf(clientCertificates);
      realms = List.copyOf(realms);
      if (proxy != null) {
        var _ = ProxyServer.of(proxy);
      }
    }

    /// Plain HTTP, or HTTPS whatever the certificate.
    public static Access ofInsecure() {
      return DEFAULT.withInsecure();
    }

    /// HTTPS with certificates signed by these authorities too.
    public static Access ofAuthorities(Path... files) {
      return new Access(false, List.of(files), List.of(), null, List.of());
    }

    /// The same, but plain HTTP will do, and HTTPS whatever the certificate.
    public Access withInsecure() {
      return new Access(true, authorities, clientCertificates, proxy, realms);
    }

    /// The same with one more client certificate.
    public Access withClientCertificate(ClientCertificate certificate) {
      var more = new ArrayList<>(clientCertificates);
      more.add(certificate);
      return new Access(insecure, authorities, more, proxy, realms);
    }

    /// The same through this proxy.
    public Access withProxy(URI newProxy) {
      return new Access(insecure, authorities, clientCertificates, newProxy, realms);
    }

    /// The same with what a directory `HOST[:PORT]` of certs.d has.
    Access withCertificatesOf(Path directory) {
      var allAuthorities = new ArrayList<>(authorities);
      allAuthorities.addAll(Certificates.authoritiesIn(directory));
      var allClients = new ArrayList<>(clientCertificates);
      allClients.addAll(Certificates.clientsIn(directory));
      return new Access(insecure, allAuthorities, allClients, proxy, realms);
    }

    /// Without the password that the proxy's address may hold.
    @Override
    public String toString() {
      return "Access[insecure=" + insecure + ", authorities=" + authorities + ", clientCertificates=" + clientCertificates
          + ", proxy=" + (proxy == null ? "none" : ProxyServer.of(proxy)) + ", realms=" + realms + "]";
    }
  }

  /// Says nothing about any registry.
  public static final RegistryConfig NONE = new RegistryConfig(List.of(), List.of(), Proxies.NONE);

  public RegistryConfig {
    registries = List.copyOf(registries);
    certificateDirectories = List.copyOf(certificateDirectories);
  }

  /// What this machine says: the first of `containerkit/registries.conf` and `containers/registries.conf` in the user's
  /// `$XDG_CONFIG_HOME` (`~/.config`) and in `/etc`; then all of `registries.conf.d/*.conf` beside them; the certificates in `containers/certs.d` and `docker/certs.d` in both; the
  /// proxies of the environment.
  public static RegistryConfig host() {
    return host(System.getenv(), Path.of(System.getProperty("user.home", "/")), Path.of("/etc"));
  }

  static RegistryConfig host(Map<String, String> env, Path home, Path etc) {
    var xdg = env.getOrDefault("XDG_CONFIG_HOME", "");
    var own = xdg.isEmpty() ? home.resolve(".config") : Path.of(xdg);
    var places = List.of(own.resolve("containerkit"), etc.resolve("containerkit"), own.resolve("containers"), etc.resolve("containers"));
    var files = new ArrayList<Path>();
    places.stream().map(place -> place.resolve("registries.conf")).filter(Files::isRegularFile).findFirst().ifPresent(files::add);
    // The system's before the user's, so that the user's counts; ours last.
    for (var place : List.of(etc.resolve("containers"), own.resolve("containers"), etc.resolve("containerkit"), own.resolve("containerkit"))) {
      files.addAll(RegistriesFile.dropIns(place.resolve("registries.conf.d")));
    }
    return new RegistryConfig(
        RegistriesFile.read(files),
        Stream.of(own, etc)
            .flatMap(place -> Stream.of(place.resolve("containers/certs.d"), place.resolve("docker/certs.d")))
            .toList(),
        Proxies.of(env));
  }

  /// What a file says, without certificates and proxies but those it names.
  ///
  /// @throws io.containerkit.spec.SpecException if the file is refused; it names the key
  public static RegistryConfig of(Path file) {
    return new RegistryConfig(RegistriesFile.read(file), List.of(), Proxies.NONE);
  }

  /// This configuration with one more registry.
  public RegistryConfig with(Registry registry) {
    var more = new ArrayList<>(registries);
    more.add(registry);
    return new RegistryConfig(more, certificateDirectories, proxies);
  }

  /// This configuration with a registry that is reached in a special way.
  public RegistryConfig with(String registry, Access access) {
    return with(new Registry(registry, "", false, List.of(), access));
  }

  /// This configuration with a registry that need not prove who it is, whatever is said about it otherwise.
  ///
  /// @param registry host and port as in [ImageReference#registry()]
  public RegistryConfig withInsecure(String registry) {
    var said = registries.stream().map(known -> known.covers(registry) || known.prefix().startsWith(registry + "/") ? known.insecure() : known).toList();
    return said.equals(registries) && about(registry).isEmpty()
        ? with(registry, Access.ofInsecure())
        : new RegistryConfig(said, certificateDirectories, proxies);
  }

  /// The places to pull from, in the order to ask them: mirrors, then the registry itself.
  List<Endpoint> pullFrom(ImageReference reference) {
    var said = about(reference.name());
    var endpoints = new ArrayList<Endpoint>();
    said.map(Registry::mirrors).orElse(List.of()).stream()
        .filter(mirror -> mirror.serves(reference))
        .map(mirror -> endpoint(relocated(reference, said.orElseThrow(), mirror.location()), mirror.access()))
        .forEach(endpoints::add);
    endpoints.add(origin(reference));
    return endpoints;
  }

  /// The registry itself, where one pushes to.
  Endpoint origin(ImageReference reference) {
    var said = about(reference.name());
    if (said.isPresent() && said.get().blocked()) {
      throw new ImageException(
          ErrorKind.PERMISSION_DENIED,
          reference.toString(),
          reference.name() + " is blocked by the configuration of registries (prefix " + said.get().prefix() + ")",
          null);
    }
    var place = said.isPresent() && !said.get().location().isEmpty()
        ? relocated(reference, said.get(), said.get().location())
        : reference;
    return endpoint(place, said.map(Registry::access).orElse(Access.DEFAULT));
  }

  private Optional<Registry> about(String name) {
    return registries.stream()
        .filter(registry -> registry.covers(name))
        .max(Comparator.comparingInt(registry -> registry.prefix().length()));
  }

  private static ImageReference relocated(ImageReference reference, Registry registry, String location) {
    var prefix = registry.prefix();
    var rest = prefix.startsWith("*.") ? "/" + reference.repository() : reference.name().substring(prefix.length());
    var slash = location.indexOf('/');
    var host = slash < 0 ? location : location.substring(0, slash);
    var path = (slash < 0 ? "" : location.substring(slash)) + rest;
    return new ImageReference(host, path.substring(1), reference.tag(), reference.digest());
  }

  private Endpoint endpoint(ImageReference place, Access access) {
    return new Endpoint(place.registry(), place.repository(), withCertificates(access, place.registry()));
  }

  /// How a proxy is reached that leads to what `behind` is about. It is trusted by the same authorities, but has to prove who it is also where
  /// the registry need not: it gets the proxy's password.
  Access accessTo(ProxyServer proxy, Access behind) {
    var access = new Access(false, behind.authorities(), List.of(), null, List.of());
    return withCertificates(access, proxy.authority());
  }

  private Access withCertificates(Access access, String host) {
    for (var directory : certificateDirectories) {
      access = access.withCertificatesOf(directory.resolve(host));
    }
    return access;
  }
}
