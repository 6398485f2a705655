package io.containerkit.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Collects what the options of all commands have.
///
/// @param <B> the builder itself, which every method returns
public abstract sealed class CommandBuilder<B extends CommandBuilder<B>> permits StartBuilder, CriuBuilder {

  Optional<Duration> deadline = Optional.empty();
  List<String> extraArgs = List.of();

  CommandBuilder() {}

  @SuppressWarnings("unchecked") // B is what this is
  final B self() {
    return (B) this;
  }

  /// Bounds this command: until it ends, or its process has started.
  public B deadline(Duration deadline) {
    this.deadline = Optional.of(deadline);
    return self();
  }

  /// Further words for the runtime, before the id.
  public B extraArgs(String... extraArgs) {
    return extraArgs(List.of(extraArgs));
  }

  /// Further words for the runtime, before the id.
  public B extraArgs(List<String> extraArgs) {
    this.extraArgs = List.copyOf(extraArgs);
    return self();
  }
}
