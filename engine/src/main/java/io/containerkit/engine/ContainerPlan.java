package io.containerkit.engine;

import io.containerkit.image.Image;
import io.containerkit.image.ImageConfig;
import io.containerkit.image.Images;
import io.containerkit.linux.Cgroups;
import io.containerkit.runtime.CreateOptions;
import io.containerkit.runtime.Stdio;
import io.containerkit.spec.Linux;
import io.containerkit.spec.LinuxNamespace;
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
  sealed interface Source permits Given, Made, Imaged {}

  /// A bundle that its user made and keeps.
  record Given(Path bundle) implements Source {}

  /// A root file system, for which the engine makes the bundle.
  record Made(Rootfs rootfs) implements Source {}

  /// An image, for which the engine makes the bundle, and keeps the image as long as the container exists.
  ///
  /// @param image unpacked, and kept by somebody until the container is made
  /// @param config its configuration with what the container was told to be
  record Imaged(Images images, Image image, ImageConfig config) implements Source {}

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
  /// @param homeless whether that is a user without an account: runc gives such a one `/` for a home, crun none
  Spec filledIn(@Nullable User resolved, boolean homeless) {
    Spec.Builder to = spec.toBuilder();
    to.hostname(hostname());
    ProcessSpec process = spec.process();
    if (process != null) {
      to.process(filledIn(process, resolved, homeless));
    }
    return to.build();
  }

  private ProcessSpec filledIn(ProcessSpec process, @Nullable User resolved, boolean homeless) {
    boolean terminal = options.stdio() instanceof Stdio.Console;
    ProcessSpec.Builder to = process.toBuilder().terminal(terminal);
    if (resolved != null) {
      to.user(resolved);
    }
    List<String> env = new ArrayList<>(process.env());
    if (source instanceof Imaged && !hostname().isEmpty()) {
      addUnlessThere(env, "HOSTNAME", hostname());
    }
    if (homeless) {
      addUnlessThere(env, "HOME", "/");
    }
    if (terminal) {
      addUnlessThere(env, "TERM", "xterm");
    }
    return to.env(env).build();
  }

  private static void addUnlessThere(List<String> env, String name, String value) {
    for (String entry : env) {
      if (entry.startsWith(name + "=")) {
        return;
      }
    }
    env.add(name + "=" + value);
  }

  /// The host name: the one that was asked for, else the id. Empty where the container shares somebody else's.
  private String hostname() {
    Linux linux = spec.linux();
    LinuxNamespace uts = linux == null ? null : linux.namespace(LinuxNamespace.UTS);
    boolean shared = uts == null || !uts.path().isEmpty();
    return shared || !spec.hostname().isEmpty() ? spec.hostname() : id.substring(0, Math.min(id.length(), LONGEST_HOSTNAME));
  }
}
