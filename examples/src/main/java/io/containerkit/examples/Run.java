package io.containerkit.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.containerkit.engine.Container;
import io.containerkit.engine.ContainerKit;
import io.containerkit.engine.Rootfs;
import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.Signal;

/// Runs a command on the host's own tree, which it cannot change, and tells how it ended.
final class Run {

  static void main() throws Exception {
    try (ContainerKit kit = ContainerKit.open();
        Container container = kit.container().rootfs(Rootfs.host()).command("sh", "-c", "echo hello from process $$; exit 3").run()) {
      IO.print(new String(container.stdout().readAllBytes(), UTF_8));
      switch (container.waitFor()) {
        case ExitStatus.Exited(int code) -> IO.println("exit code " + code);
        case ExitStatus.Signaled(Signal signal, _) -> IO.println("ended by " + signal);
        case ExitStatus.Unknown(String why) -> IO.println("nobody can know: " + why);
      }
    }
  }
}
