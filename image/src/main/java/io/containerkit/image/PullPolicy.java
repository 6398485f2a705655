package io.containerkit.image;

/// When a registry is asked for an image, as `--pull` of docker and podman says it.
public enum PullPolicy {
  /// Every time; what is here already is not fetched again.
  ALWAYS,
  /// If the image is not here.
  MISSING,
  /// Never: it must be here.
  NEVER,
  /// Every time, but what is here will do when the registry cannot be asked.
  NEWER
}
