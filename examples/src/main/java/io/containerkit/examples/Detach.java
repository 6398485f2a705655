package io.containerkit.examples;

import io.containerkit.engine.Container;
import io.containerkit.engine.ContainerKit;
import io.containerkit.engine.Rootfs;
import java.time.Duration;

/// Leaves a container behind (`Detach leave`) and finds it from another process (`Detach stop`).
final class Detach {

  private static final String ID = "example-detached";

  static void main(String[] args) throws Exception {
    try (ContainerKit kit = ContainerKit.open()) {
      if (args.length == 1 && args[0].equals("leave")) {
        try (Container container = kit.container(ID).rootfs(Rootfs.host()).command("sleep", "600").run().detach()) {
          IO.println(container.id() + " stays");
        } // detached, so this only lets go of it
      } else {
        Container container = kit.find(ID).orElseThrow();
        IO.println("found " + container.spec().hostname());
        IO.println(container.stop(Duration.ZERO));
        container.delete();
        IO.println("left: " + kit.find(ID).isPresent());
      }
    }
  }
}
