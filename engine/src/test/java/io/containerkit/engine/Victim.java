package io.containerkit.engine;

import java.nio.file.Path;
import java.time.Duration;

/// A program that is killed while it runs one container from beginning to end, again and again.
final class Victim {

  private Victim() {}

  /// Takes the binary of the runtime and the state directory.
  public static void main(String[] args) throws InterruptedException {
    try (ContainerKit kit = ContainerKit.builder().runtime(args[0]).state(Path.of(args[1])).open()) {
      System.out.println("ready");
      while (true) {
        try (Container container = kit.container("victim").rootfs(Rootfs.host()).command("sleep", "60").create()) {
          container.start();
          try (Execution execution = container.exec("sleep", "60")) {
            execution.waitFor(Duration.ofMillis(1));
          }
        }
      }
    }
  }
}
