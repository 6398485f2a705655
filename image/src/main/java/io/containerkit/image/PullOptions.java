package io.containerkit.image;

import java.util.Optional;
import java.util.function.Consumer;

/// How an image is pulled.
///
/// @param policy when the registry is asked
/// @param platform the platform that the image must run on; empty for this machine's, where an image that is for one platform only is
///     taken as it is
/// @param progress is told what happens
public record PullOptions(PullPolicy policy, Optional<Platform> platform, Consumer<Transfer> progress) {

  /// Asks the registry, for this machine's platform.
  public static PullOptions defaults() {
    return new PullOptions(PullPolicy.ALWAYS, Optional.empty(), _ -> {});
  }

  /// These options with another policy.
  public PullOptions withPolicy(PullPolicy newPolicy) {
    return new PullOptions(newPolicy, platform, progress);
  }

  /// These options for a platform.
  public PullOptions withPlatform(Platform newPlatform) {
    return new PullOptions(policy, Optional.of(newPlatform), progress);
  }

  /// These options with another listener.
  public PullOptions withProgress(Consumer<Transfer> listener) {
    return new PullOptions(policy, platform, listener);
  }
}
