package io.containerkit.engine;

/// The network that a container is in.
public enum Network {
  /// A network namespace of its own, with the loopback device only.
  NONE,
  /// The host's network namespace.
  HOST
}
