package io.containerkit.examples;

import io.containerkit.engine.Container;
import io.containerkit.engine.ContainerKit;
import io.containerkit.engine.Rootfs;
import io.containerkit.spec.Mount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/// Says in detail what a container is: user, variables, host name, directories of the host, and anything else of its specification.
final class Shape {

  static void main() throws Exception {
    Path shared = Files.createTempDirectory("shared");
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x")); // nobody is to read it
    Files.writeString(shared.resolve("note"), "from the host\n");
    try (ContainerKit kit = ContainerKit.open();
        Container container =
            kit.container()
                .rootfs(Rootfs.host())
                .user("nobody:4711")
                .env("COLOUR", "blue")
                .hostname("inside")
                .cwd("/usr")
                .mount(Mount.bind(shared.toString(), "/mnt", "ro"))
                .noNewPrivileges(true)
                .spec(spec -> spec.toBuilder().annotations(Map.of("com.example.owner", "me")).build())
                .command("sh", "-c", "id -u; id -g; hostname; pwd; echo $COLOUR; cat /mnt/note")
                .run()) {
      container.stdout().transferTo(System.out);
      IO.println(container.spec().annotations());
    } finally {
      Files.delete(shared.resolve("note"));
      Files.delete(shared);
    }
  }
}
