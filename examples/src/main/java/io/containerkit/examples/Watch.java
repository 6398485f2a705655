package io.containerkit.examples;

import io.containerkit.engine.Container;
import io.containerkit.engine.ContainerKit;
import io.containerkit.engine.Rootfs;
import io.containerkit.runtime.ContainerEvent;
import io.containerkit.runtime.ContainerEvents;
import java.time.Duration;

/// Watches what a container uses, and learns that its memory ran out and that it ended.
final class Watch {

  static void main() throws Exception {
    String greedy = "read start; tail /dev/zero"; // tail keeps the last line, and this one never ends
    try (ContainerKit kit = ContainerKit.open();
        Container container = kit.container().rootfs(Rootfs.host()).memory(32 << 20).command("sh", "-c", greedy).run();
        ContainerEvents events = container.events(Duration.ofSeconds(60))) {
      while (true) {
        switch (events.next()) {
          case ContainerEvent.Stats(var stats) -> {
            IO.println("its limit: " + stats.memory().orElseThrow().usage().limit());
            container.stdin().write('\n');
            container.stdin().flush();
          }
          case ContainerEvent.Oom _ -> IO.println("out of memory");
          case ContainerEvent.Ended ended -> {
            IO.println(container.waitFor() + ", killed for its memory: " + ended.oomKilled());
            return;
          }
        }
      }
    }
  }
}
