package io.containerkit.examples;

import io.containerkit.engine.CommitOptions;
import io.containerkit.engine.Container;
import io.containerkit.engine.ContainerKit;
import io.containerkit.image.ImageBuilder;
import io.containerkit.image.ImageReference;
import io.containerkit.image.Images;
import io.containerkit.image.LayerSource;
import io.containerkit.image.Lease;
import io.containerkit.image.Platform;
import io.containerkit.spec.Mount;
import java.nio.file.Files;
import java.nio.file.Path;

/// Makes an image of a directory, runs it, and makes an image of what its container has changed. One of a registry is pulled if missing.
final class UseImage {

  static void main() throws Exception {
    Path work = Files.createTempDirectory("images");
    Path root = UseBundle.write(work.resolve("bundle"), "/bin/true").resolve("rootfs");
    Files.writeString(root.resolve("greeting"), "hello from an image\n");
    try (ContainerKit kit = ContainerKit.builder().images(work.resolve("store")).open()) {
      make(kit.images(), "localhost/example:1", root);
      try (Container first = container(kit, "localhost/example:1", "cat /greeting; echo hello from its change > /greeting")) {
        first.stdout().transferTo(System.out);
        first.waitFor();
        first.commit(CommitOptions.defaults().withName(ImageReference.of("localhost/example:2")));
      }
      try (Container second = container(kit, "localhost/example:2", "cat /greeting")) {
        second.stdout().transferTo(System.out);
      }
      kit.images().list().forEach(image -> IO.println(image.name()));
    } finally {
      UseBundle.remove(work);
    }
  }

  private static void make(Images images, String name, Path root) throws InterruptedException {
    try (Lease lease = images.store().lease()) { // keeps what is made until it has a name
      lease.tag(name, ImageBuilder.scratch(lease, Platform.host()).layer(LayerSource.of(root), "an example").build());
    }
  }

  /// A container of an image; its programs are those of the host.
  private static Container container(ContainerKit kit, String image, String script) {
    return kit.image(image).mount(Mount.bind("/usr", "/usr", "ro")).command("sh", "-c", script).run();
  }
}
