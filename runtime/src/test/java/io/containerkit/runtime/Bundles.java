package io.containerkit.runtime;

import io.containerkit.spec.Linux;
import io.containerkit.spec.ProcessSpec;
import io.containerkit.spec.Root;
import io.containerkit.spec.Spec;
import io.containerkit.testing.Residue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/// Makes bundles on one root file system, which holds busybox and nothing else.
final class Bundles {

  /// The control group below which all containers of the tests are.
  static final String CGROUP = "/" + Residue.GROUP;

  private static final List<String> APPLETS =
      List.of("sh", "true", "false", "sleep", "cat", "echo", "kill", "id", "head", "tr", "stty", "mkdir", "env", "ls", "readlink", "yes");

  private final Path directory;
  private final Path rootfs;
  private int count;

  Bundles(Path directory) {
    this.directory = directory;
    this.rootfs = directory.resolve("rootfs");
    try {
      Path bin = Files.createDirectories(rootfs.resolve("bin"));
      Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
      for (String applet : APPLETS) {
        Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A container that runs a shell script.
  Path script(String id, String script) {
    return bundle(id, spec -> spec, process -> process.args("/bin/sh", "-c", script));
  }

  /// A container with a terminal that runs a shell script.
  Path terminal(String id, String script) {
    return bundle(id, spec -> spec, process -> process.args("/bin/sh", "-c", script).terminal(true));
  }

  /// A container made by changes to the default one.
  synchronized Path bundle(String id, UnaryOperator<Spec.Builder> change, UnaryOperator<ProcessSpec.Builder> process) {
    Spec defaults = Spec.defaults();
    ProcessSpec own = process.apply(Objects.requireNonNull(defaults.process()).toBuilder()).build();
    Linux linux = Objects.requireNonNull(defaults.linux()).toBuilder().cgroupsPath(CGROUP + "/" + id).build();
    Spec.Builder spec = defaults.toBuilder().root(Root.of(rootfs.toString(), false)).process(own).linux(linux);
    Path bundle = directory.resolve("bundle-" + count++);
    try {
      Files.createDirectory(bundle);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    change.apply(spec).build().write(bundle.resolve("config.json"));
    return bundle;
  }
}
