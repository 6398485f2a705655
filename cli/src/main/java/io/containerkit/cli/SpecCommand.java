package io.containerkit.cli;

import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.IdMapping;
import io.containerkit.spec.Linux;
import io.containerkit.spec.LinuxNamespace;
import io.containerkit.spec.Mount;
import io.containerkit.spec.Spec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// `ckit spec`: writes a `config.json` to start a bundle from.
record SpecCommand(Path bundle, boolean rootless, boolean force) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "spec",
        "",
        "Writes a config.json to start a bundle from",
        """
        It runs sh in the bundle's directory rootfs, with what ckit run gives a container when no flag says
        otherwise.
        """,
        new Flags()
            .value("b", "bundle", "DIR", "The bundle; the working directory without it.")
            .toggle("rootless", "For a runtime that is run by a user: with a user namespace, and without limits.")
            .toggle("force", "Replaces a config.json that is there."),
        0,
        0,
        SpecCommand::of);
  }

  static SpecCommand of(Arguments arguments) {
    return new SpecCommand(
        Values.path(arguments, "bundle").orElse(Path.of("")), arguments.has("rootless"), arguments.has("force"));
  }

  @Override
  public int run(Session session) {
    Path file = bundle.resolve("config.json");
    if (Files.exists(file) && !force) {
      throw new EngineException(
          ErrorKind.ALREADY_EXISTS, file.toString(), "spec: " + file + " exists already; --force replaces it", null);
    }
    Spec spec = Spec.defaults();
    (rootless ? rootless(spec) : spec).write(file);
    return 0;
  }

  /// The specification for a runtime without privileges: a user namespace in which the caller is root, and nothing that only root
  /// may do.
  static Spec rootless(Spec spec) {
    Linux linux = Objects.requireNonNull(spec.linux());
    List<LinuxNamespace> namespaces = new ArrayList<>(linux.namespaces());
    namespaces.removeIf(namespace -> namespace.type().equals(LinuxNamespace.NETWORK));
    namespaces.add(LinuxNamespace.of(LinuxNamespace.USER));
    List<Mount> mounts = new ArrayList<>();
    for (Mount mount : spec.mounts()) {
      mounts.add(rootless(mount));
    }
    Linux changed =
        linux.toBuilder()
            .namespaces(namespaces)
            .uidMappings(List.of(IdMapping.of(0, HostFacts.ownId("uid"), 1)))
            .gidMappings(List.of(IdMapping.of(0, HostFacts.ownId("gid"), 1)))
            .resources(null)
            .build();
    return spec.toBuilder().mounts(mounts).linux(changed).build();
  }

  /// A mount as a user may have it: /sys of the host's network is the host's, and only one group is mapped.
  private static Mount rootless(Mount mount) {
    if (mount.type().equals("sysfs")) {
      return Mount.bind("/sys", "/sys", "rbind", "nosuid", "noexec", "nodev", "ro");
    }
    List<String> options = new ArrayList<>(mount.options());
    options.removeIf(option -> option.startsWith("gid="));
    return mount.toBuilder().options(options).build();
  }
}
