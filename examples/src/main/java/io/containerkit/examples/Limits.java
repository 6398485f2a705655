package io.containerkit.examples;

import io.containerkit.engine.Container;
import io.containerkit.engine.ContainerKit;
import io.containerkit.engine.Rootfs;
import io.containerkit.runtime.ContainerStats;
import io.containerkit.spec.LinuxMemory;
import io.containerkit.spec.LinuxResources;

/// Limits memory, processors and processes, and changes a limit while the container runs.
final class Limits {

  static void main() throws Exception {
    try (ContainerKit kit = ContainerKit.open();
        Container container =
            kit.container().rootfs(Rootfs.host()).memory(64 << 20).cpus(0.5).pids(50).command("sleep", "60").run()) {
      print(container.stats());
      container.update(LinuxResources.builder().memory(LinuxMemory.limited(48 << 20)).build());
      print(container.stats()); // the others are as they were
    }
  }

  private static void print(ContainerStats stats) {
    IO.println("memory " + stats.memory().orElseThrow().usage().limit() + ", processes " + stats.pids().orElseThrow().limit());
  }
}
