package io.containerkit.examples;

import io.containerkit.engine.Container;
import io.containerkit.engine.ContainerKit;
import io.containerkit.engine.Rootfs;
import io.containerkit.linux.Signal;
import io.containerkit.runtime.StopOptions;
import java.io.IOException;
import java.time.Duration;

/// Sends signals, and stops containers: one that ends when it is asked, and one that has to be killed.
final class Stop {

  static void main() throws Exception {
    try (ContainerKit kit = ContainerKit.open();
        Container polite = listening(kit, "trap 'exit 3' TERM; trap 'echo reloaded' HUP");
        Container stubborn = listening(kit, "trap '' QUIT")) {
      polite.signal(Signal.HUP);
      IO.println((char) polite.stdout().read() + "… after " + Signal.HUP);
      IO.println("polite: " + polite.stop(Duration.ofSeconds(10)));
      IO.println("stubborn: " + stubborn.stop(StopOptions.defaults().withSignal(Signal.QUIT).withGrace(Duration.ofMillis(200))));
    }
  }

  private static Container listening(ContainerKit kit, String traps) throws IOException {
    String loop = traps + "; echo; while :; do sleep 0.05; done";
    Container container = kit.container().rootfs(Rootfs.host()).command("sh", "-c", loop).run();
    container.stdout().read(); // the line says that the traps are set
    return container;
  }
}
