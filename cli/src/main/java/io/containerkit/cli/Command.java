package io.containerkit.cli;

/// What was asked of ckit: one record per command, made of the command line by its [Grammar]. Immutable, and tested without
/// root; only [#run] touches anything.
interface Command {

  /// Does it.
  ///
  /// @return the exit code of ckit
  /// @throws io.containerkit.spec.ContainerException if it failed; its kind decides the exit code
  int run(Session session) throws InterruptedException;
}
