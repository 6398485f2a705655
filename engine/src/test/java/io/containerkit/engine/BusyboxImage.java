package io.containerkit.engine;

import io.containerkit.image.ImageBuilder;
import io.containerkit.image.ImageConfig.Defaults;
import io.containerkit.image.ImageReference;
import io.containerkit.image.Images;
import io.containerkit.image.LayerSource;
import io.containerkit.image.Lease;
import io.containerkit.image.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// A small image made here: busybox, a few users, and files to change.
final class BusyboxImage {

  static final String NAME = "localhost/busybox:test";

  private BusyboxImage() {}

  /// Puts the image into a store.
  ///
  /// @param defaults what its containers run with
  /// @param scratch an empty directory
  static void make(Images images, String name, Defaults defaults, Path scratch) throws IOException, InterruptedException {
    pack(images, name, defaults, files(scratch));
  }

  /// Puts an image of some files into a store.
  static void pack(Images images, String name, Defaults defaults, Path root) throws InterruptedException {
    try (Lease lease = images.store().lease()) {
      lease.tag(
          ImageReference.of(name).toString(),
          ImageBuilder.scratch(lease, Platform.host()).defaults(_ -> defaults).layer(LayerSource.of(root), "test").build());
    }
  }

  private static Path files(Path root) throws IOException {
    for (String directory : List.of("bin", "etc", "data", "tmp", "home/app")) {
      Files.createDirectories(root.resolve(directory));
    }
    Files.setPosixFilePermissions(root.resolve("tmp"), PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
    for (String applet : List.of("sh", "cat", "id", "pwd", "env", "rm", "mkdir", "touch", "ls", "sleep", "echo", "true", "readlink", "hostname")) {
      Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
    }
    Files.writeString(root.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001:app:/home/app:/bin/sh\n");
    Files.writeString(root.resolve("etc/group"), "root:x:0:\nwheel:x:10:root\nstaff:x:1001:\nextra:x:2000:app\n");
    for (String name : List.of("etc/hosts", "etc/hostname", "etc/resolv.conf", "data/a", "data/b")) {
      Files.writeString(root.resolve(name), "of the image\n");
    }
    return root;
  }
}
