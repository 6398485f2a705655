package io.containerkit.examples;

import io.containerkit.engine.Container;
import io.containerkit.engine.ContainerKit;
import io.containerkit.engine.Rootfs;

/// Freezes the processes of a container, and lets them run on.
final class Pause {

  static void main() throws Exception {
    try (ContainerKit kit = ContainerKit.open();
        Container container = kit.container().rootfs(Rootfs.host()).command("sleep", "60").run()) {
      container.pause();
      IO.println(container.runtimeState().status());
      container.resume();
      IO.println(container.runtimeState().status());
    }
  }
}
