package io.containerkit.examples;

import io.containerkit.engine.Container;
import io.containerkit.engine.ContainerKit;
import io.containerkit.spec.Mount;
import io.containerkit.spec.ProcessSpec;
import io.containerkit.spec.Root;
import io.containerkit.spec.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Writes an OCI bundle, a directory with a root and a `config.json`, and runs it.
final class UseBundle {

  static void main() throws Exception {
    Path bundle = write(Files.createTempDirectory("bundle"), "/bin/echo", "from a bundle");
    try (ContainerKit kit = ContainerKit.open();
        Container container = kit.container().bundle(bundle).run()) {
      container.stdout().transferTo(System.out);
      IO.println(container.waitFor());
    } finally {
      remove(bundle);
    }
  }

  /// Writes a bundle whose root has nothing but the host's `/usr`.
  static Path write(Path bundle, String... command) throws IOException {
    Path root = Files.createDirectories(bundle.resolve("rootfs"));
    for (String name : List.of("bin", "lib", "lib64")) {
      Files.createSymbolicLink(root.resolve(name), Path.of("usr", name));
    }
    Spec defaults = Spec.defaults();
    List<Mount> mounts = new ArrayList<>(defaults.mounts());
    mounts.add(Mount.bind("/usr", "/usr", "ro"));
    ProcessSpec process = ProcessSpec.command(command).env("PATH=/bin").build();
    defaults.toBuilder().root(Root.of("rootfs", false)).mounts(mounts).process(process).build().requireValid().write(bundle.resolve("config.json"));
    return bundle;
  }

  /// Removes what a bundle holds: deepest first.
  static void remove(Path bundle) throws IOException {
    try (var files = Files.walk(bundle)) {
      for (Path file : files.toList().reversed()) {
        Files.delete(file);
      }
    }
  }
}
