package io.containerkit.cli;

import io.containerkit.engine.Container;
import io.containerkit.engine.ContainerBuilder;
import io.containerkit.runtime.RestoreOptions;
import io.containerkit.runtime.Stdio;
import io.containerkit.spec.ProcessSpec;
import java.nio.file.Path;
import java.util.Optional;

/// `ckit restore`: makes a container from what `ckit checkpoint` saved.
record RestoreCommand(String id, Path bundle, RestoreOptions options, boolean detach) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "restore",
        "CONTAINER",
        "Makes a container from a checkpoint",
        "In the foreground ckit exits with the container's own code, and removes it.",
        CriuFlags.describe(
            new Flags()
                .section("Restore")
                .value("image-path", "DIR", "Where the image is; ./checkpoint without it.")
                .value("b", "bundle", "DIR", "The container's bundle; the working directory without it.")
                .toggle("d", "detach", "Returns, while the container runs on.")
                .toggle("no-pivot", "Lets the runtime use MS_MOVE, for a root on an initramfs.")
                .toggle("no-subreaper", "Leaves the container's orphans to others.")
                .value("lsm-profile", "TYPE:NAME", "Another security profile for the process.")
                .value("lsm-mount-context", "CONTEXT", "Another SELinux context for the mounts.")),
        1,
        1,
        RestoreCommand::of);
  }

  static RestoreCommand of(Arguments arguments) {
    RestoreOptions.Builder options =
        CriuFlags.of(arguments, RestoreOptions.builder(CriuFlags.imagePath(arguments)))
            .noPivot(arguments.has("no-pivot"))
            .noSubreaper(arguments.has("no-subreaper"));
    arguments.text("lsm-profile").ifPresent(options::lsmProfile);
    arguments.text("lsm-mount-context").ifPresent(options::lsmMountContext);
    return new RestoreCommand(
        arguments.operand(0),
        Values.path(arguments, "bundle").orElse(Path.of("")),
        options.build(),
        arguments.has("detach"));
  }

  @Override
  public int run(Session session) throws InterruptedException {
    HostFacts.checkBundle(bundle);
    ContainerBuilder builder = session.kit().container(id).bundle(bundle);
    ProcessSpec process = builder.spec().process();
    boolean terminal = process != null && process.terminal();
    if (detach) {
      try (Container container = builder.stdio(Stdio.none()).restore(options)) {
        container.detach();
        return 0;
      }
    }
    Foreground foreground = new Foreground(terminal, true, true, Optional.empty());
    try (Container container = builder.stdio(foreground.stdio()).restore(options)) {
      return session.exitCode(foreground.run(Attached.to(container), () -> {}));
    }
  }
}
