package io.containerkit.runtime;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// What has to be read while a command runs.
interface Drain {

  /// Takes what is there, up to a bound, without waiting.
  void drain();

  /// Tells when there is more; null if there will never be, or none is wanted.
  @Nullable CompletableFuture<Void> more();
}
