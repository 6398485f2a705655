package io.containerkit.engine;

import io.containerkit.linux.Cgroups;
import io.containerkit.runtime.CreateOptions;
import io.containerkit.runtime.Stdio;
import io.containerkit.spec.Linux;
import io.containerkit.spec.ProcessSpec;
import io.containerkit.spec.Spec;
import io.containerkit.spec.User;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything that is decided about a container before anything is done.
///
/// @param id the container
/// @param source where its root comes from
/// @param spec the specification; of a bundle, what stands in its `config.json`
/// @param user `user[:group]` to be resolved in the root, or null
/// @param options what the runtime is told besides, such as the standard streams of the init process
record ContainerPlan(String id, Source source, Spec spec, @Nullable String user, CreateOptions options) {

  /// `HOST_NAME_MAX` of Linux is 64.
  private static final int LONGEST_HOSTNAME = 63;

  /// Where a container's root comes from.
  sealed interface Source permits Given, Made {}

  /// A bundle that its user made and keeps.
  record Given(Path bundle) implements Source {}

  /// A root file system, for which the engine makes the bundle.
  record Made(Rootfs rootfs) implements Source {}

  /// The cgroup that the runtime makes for the container and nobody else is in, as a path below each hierarchy.
  ///
  /// @return empty if it is not the container's own: the specification names one that exists already, or one of systemd's
  String cgroup() {
    Linux linux = spec.linux();
    String path = linux == null ? "" : linux.cgroupsPath();
    if (path.isEmpty()) {
      path = "/" + id;
    }
    if (path.indexOf(':') >= 0) {
      return "";
    }
    Path absolute = Path.of("/").resolve(path).normalize();
    boolean shared = absolute.getNameCount() == 0 || Cgroups.host().at(absolute).exists();
    return shared ? "" : absolute.toString();
  }

  /// This plan with a cgroup of the engine's choice where the specification names none.
  ContainerPlan withCgroup() {
    Linux linux = spec.linux();
    if (linux == null || !linux.cgroupsPath().isEmpty()) {
      return this;
    }
    // Flat: a common parent would be created and removed by many at once.
    Spec named = spec.toBuilder().linux(linux.toBuilder().cgroupsPath("/containerkit-" + id).build()).build();
    return new ContainerPlan(id, source, named, user, options);
  }

  /// The specification with what depends on the container's id and on its streams.
  ///
  /// @param resolved who runs the process, or null to leave it
  Spec filledIn(@Nullable User resolved) {
    Spec.Builder to = spec.toBuilder();
    if (spec.hostname().isEmpty()) {
      to.hostname(id.substring(0, Math.min(id.length(), LONGEST_HOSTNAME)));
    }
    ProcessSpec process = spec.process();
    if (process != null) {
      to.process(filledIn(process, resolved));
    }
    return to.build();
  }

  private ProcessSpec filledIn(ProcessSpec process, @Nullable User resolved) {
    boolean terminal = options.stdio() instanceof Stdio.Console;
    ProcessSpec.Builder to = process.toBuilder().terminal(terminal);
    if (resolved != null) {
      to.user(resolved);
    }
    if (terminal && process.env().stream().noneMatch(entry -> entry.startsWith("TERM="))) {
      List<String> env = new ArrayList<>(process.env());
      env.add("TERM=xterm");
      to.env(env);
    }
    return to.build();
  }
}
