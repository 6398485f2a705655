package io.containerkit.engine;

/// How a container is removed.
///
/// @param force whether one that runs is killed; it is refused otherwise
/// @param volumes whether the volumes that are its own go, too, though another process made the container; those of a container that was
///     made here always go
public record DeleteOptions(boolean force, boolean volumes) {

  /// Only what does not run, and without its volumes.
  public static DeleteOptions defaults() {
    return new DeleteOptions(false, false);
  }

  /// These options, but what runs is killed.
  public DeleteOptions withForce() {
    return new DeleteOptions(true, volumes);
  }

  /// These options, but its own volumes go, too.
  public DeleteOptions withVolumes() {
    return new DeleteOptions(force, true);
  }
}
