package io.containerkit.image;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Says how a store of images differs from the usual one, and opens it. Not thread-safe.
public final class ImagesBuilder {

  private @Nullable Path root;
  private @Nullable RegistryConfig registries;
  private DockerConfig logins = DockerConfig.user();
  private @Nullable CredentialSource credentials;
  private UnpackLimits limits = UnpackLimits.DEFAULT;

  ImagesBuilder() {}

  /// Sets the directory of the store. The default is `/var/lib/containerkit/images`, for a user
  /// `$XDG_DATA_HOME/containerkit/images` (`~/.local/share`).
  public ImagesBuilder root(Path newRoot) {
    this.root = newRoot;
    return this;
  }

  /// Sets where registries are; by default [RegistryConfig#host()].
  public ImagesBuilder registries(RegistryConfig newRegistries) {
    this.registries = newRegistries;
    return this;
  }

  /// Sets where logins are kept, and credentials found; by default [DockerConfig#user()].
  public ImagesBuilder logins(DockerConfig newLogins) {
    this.logins = newLogins;
    return this;
  }

  /// Sets who asks the registries, instead of those that are logged in.
  public ImagesBuilder credentials(CredentialSource newCredentials) {
    this.credentials = newCredentials;
    return this;
  }

  /// Sets what a layer may unpack to; by default [UnpackLimits#DEFAULT].
  public ImagesBuilder limits(UnpackLimits newLimits) {
    this.limits = newLimits;
    return this;
  }

  /// Opens the store.
  ///
  /// @throws io.containerkit.spec.ImageException if its directory cannot be made or used
  public Images open() {
    return new Images(ContentStore.open(root == null ? defaultRoot() : root), this);
  }

  /// Read only when a registry is asked: a file that is wrong stands in nobody's way before.
  RegistryConfig registries() {
    return registries == null ? RegistryConfig.host() : registries;
  }

  DockerConfig logins() {
    return logins;
  }

  CredentialSource credentials() {
    return credentials == null ? logins : credentials;
  }

  UnpackLimits limits() {
    return limits;
  }

  /// The directory of the store that is opened when none is set.
  public static Path defaultRoot() {
    Path common = Path.of("/var/lib");
    if (Files.isWritable(common)) {
      return common.resolve("containerkit/images");
    }
    String own = System.getenv("XDG_DATA_HOME");
    Path data = own == null || own.isEmpty() ? Path.of(System.getProperty("user.home", "/"), ".local/share") : Path.of(own);
    return data.resolve("containerkit/images");
  }
}
