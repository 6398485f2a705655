package io.containerkit.examples;

import io.containerkit.engine.Container;
import io.containerkit.engine.ContainerBuilder;
import io.containerkit.engine.ContainerKit;
import io.containerkit.engine.Rootfs;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.ContainerException;
import java.nio.file.Path;

/// Tells failures apart: by their kind, which says what to do, and by their type, which carries the facts.
final class Errors {

  static void main() {
    try (ContainerKit kit = ContainerKit.open()) {
      attempt(kit.container().rootfs(Rootfs.host()).command("no-such-program"));
      attempt(kit.container().rootfs(Rootfs.readOnly(Path.of("/no/such/root"))).command("true"));
    }
  }

  private static void attempt(ContainerBuilder plan) {
    try (Container container = plan.run()) {
      IO.println(container.id() + " runs");
    } catch (CommandException e) {
      IO.println(e.kind() + " (exit code " + e.kind().exitCode() + "), the runtime said: " + e.log().getLast().message());
    } catch (ContainerException e) {
      IO.println(e.kind() + ": " + e.getMessage());
    }
  }
}
