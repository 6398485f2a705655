package io.containerkit.engine;

import io.containerkit.linux.MountNamespace;
import io.containerkit.runtime.OciRuntime;
import io.containerkit.runtime.RuntimeProbe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A runtime, and how it has to be called on this host.
///
/// @param binary the runtime's binary
/// @param runtime the runtime, its commands in the host's own mount namespace
/// @param way how it has to be called here
record RuntimeAccess(Path binary, OciRuntime runtime, RuntimeProbe.Way way) {

  static RuntimeAccess of(RuntimeProbe probe, ContainerKitBuilder settings, StateDirectory state) {
    RuntimeProbe.Way way = probe.way().orElseThrow();
    OciRuntime runtime =
        settings
            .runtime(OciRuntime.builder(probe.binary().toString()))
            .root(state.runtimeRoot(probe.binary().getFileName().toString()))
            .workDirectory(state.work())
            .globalArgs(way.globalArgs().toArray(String[]::new))
            .dialect(probe.dialect())
            .build();
    return new RuntimeAccess(probe.binary(), runtime, way);
  }

  /// The runtime's binary and global arguments, enough to delete a container by.
  List<String> command() {
    List<String> words = new ArrayList<>();
    words.add(binary.toString());
    words.add("--root=" + runtime.root());
    words.addAll(way.globalArgs());
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
    return namespace == null ? runtime : runtime.toBuilder().mountNamespace(namespace).build();
  }
}
