package io.containerkit.engine;

import io.containerkit.linux.MountNamespace;
import io.containerkit.runtime.OciRuntime;
import io.containerkit.runtime.RuntimeProbe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A runtime, and how it has to be called on this host. Thread-safe.
final class RuntimeAccess {

  private final RuntimeProbe probe;
  private final RuntimeProbe.Way way;
  private final ContainerKitBuilder settings;
  private final StateDirectory state;
  private @Nullable OciRuntime runtime;

  RuntimeAccess(RuntimeProbe probe, ContainerKitBuilder settings, StateDirectory state) {
    this.probe = probe;
    this.way = probe.way().orElseThrow();
    this.settings = settings;
    this.state = state;
  }

  /// The runtime, its commands in the host's own mount namespace. Its directories are made at the first use, not before: by then there
  /// is a lifeline to remove them.
  synchronized OciRuntime runtime() {
    OciRuntime known = runtime;
    if (known == null) {
      known =
          settings
              .runtime(OciRuntime.builder(probe.binary().toString()))
              .root(root())
              .workDirectory(state.work())
              .globalArgs(globalArgs())
              .dialect(probe.dialect())
              .build();
      runtime = known;
    }
    return known;
  }

  /// The words before each command: those that the runtime needs here, then those that its user wants.
  private List<String> globalArgs() {
    List<String> words = new ArrayList<>(way.globalArgs());
    words.addAll(settings.globalArgs());
    return words;
  }

  private Path root() {
    return state.runtimeRoot(probe.binary().getFileName().toString());
  }

  /// The runtime's binary and global arguments, enough to delete a container by.
  List<String> command() {
    List<String> words = new ArrayList<>();
    words.add(probe.binary().toString());
    words.add("--root=" + root());
    words.addAll(globalArgs());
    return words;
  }

  /// Where the commands for a container run whose root needs no mounts: null for the host's own namespace.
  @Nullable MountNamespace namespaceIfNeeded() {
    return way.privateCgroupView() ? namespace() : null;
  }

  /// A fresh copy of the host's mounts in which the runtime's commands can run.
  MountNamespace namespace() {
    MountNamespace namespace = MountNamespace.copyOfHost();
    try {
      way.prepare(namespace);
      return namespace;
    } catch (Throwable failure) {
      Closing.suppressing(failure, namespace::close);
      throw failure;
    }
  }

  /// The runtime, with its commands running in a namespace; null for the host's own.
  OciRuntime in(@Nullable MountNamespace namespace) {
    return namespace == null ? runtime() : runtime().toBuilder().mountNamespace(namespace).build();
  }
}
