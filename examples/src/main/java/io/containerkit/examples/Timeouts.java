package io.containerkit.examples;

import io.containerkit.engine.Container;
import io.containerkit.engine.ContainerKit;
import io.containerkit.engine.Execution;
import io.containerkit.engine.Rootfs;
import io.containerkit.runtime.ExecOptions;
import io.containerkit.spec.ProcessSpec;
import java.time.Duration;

/// Waits no longer than it wants to: for a container, for a command in it, and for the runtime itself.
final class Timeouts {

  static void main() throws Exception {
    try (ContainerKit kit = ContainerKit.builder().deadline(Duration.ofSeconds(20)).open(); // for each command of the runtime
        Container container = kit.container().rootfs(Rootfs.host()).command("sleep", "60").run()) {
      IO.println("still running: " + container.waitFor(Duration.ofMillis(100)).isEmpty());

      ExecOptions brief = ExecOptions.builder().timeout(Duration.ofMillis(200)).build();
      try (Execution execution = container.exec(ProcessSpec.command("/bin/sleep", "60").build(), brief)) {
        IO.println(execution.waitFor() + ", its time was over: " + execution.timedOut());
      }
    }
  }
}
