package io.containerkit.engine;

import java.nio.file.Path;
import java.time.Duration;

/// A program that is killed while it runs one container from beginning to end, again and again.
final class Victim {

  private Victim() {}

  /// Takes the binary of the runtime, the state directory and, for containers of an image, the store with [BusyboxImage] in it
  /// and the directory of volumes.
  public static void main(String[] args) throws InterruptedException {
    ContainerKitBuilder builder = ContainerKit.builder().runtime(args[0]).state(Path.of(args[1]));
    boolean ofImage = args.length > 2;
    if (ofImage) {
      builder.images(Path.of(args[2])).volumes(Path.of(args[3]));
    }
    try (ContainerKit kit = builder.open()) {
      System.out.println("ready");
      while (true) {
        ContainerBuilder victim = kit.container("victim").command("/bin/sh", "-c", "exec sleep 60");
        if (ofImage) {
          victim.volume("shared", "/data").ownVolume("/home");
        }
        try (Container container = (ofImage ? victim.image(BusyboxImage.NAME) : victim.rootfs(Rootfs.host())).create()) {
          container.start();
          try (Execution execution = container.exec("/bin/sh", "-c", "exec sleep 60")) {
            execution.waitFor(Duration.ofMillis(1));
          }
        }
      }
    }
  }
}
