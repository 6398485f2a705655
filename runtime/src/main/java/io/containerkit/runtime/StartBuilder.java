package io.containerkit.runtime;

import io.containerkit.linux.Fd;
import java.util.List;

/// Collects what the options of all commands have that start a process.
///
/// @param <B> the builder itself
public abstract sealed class StartBuilder<B extends StartBuilder<B>> extends CommandBuilder<B>
    permits CreateOptions.Builder, RunOptions.Builder, ExecOptions.Builder {

  Stdio stdio = Stdio.none();
  List<Fd> descriptors = List.of();

  StartBuilder() {}

  /// What the process has for standard input, output and error. Unless set: [Stdio#none].
  public B stdio(Stdio stdio) {
    this.stdio = stdio;
    return self();
  }

  /// What becomes 3, 4, … in the process.
  public B descriptors(List<Fd> descriptors) {
    this.descriptors = descriptors;
    return self();
  }
}
