package io.containerkit.engine;

import io.containerkit.linux.Cgroups;
import io.containerkit.linux.MountNamespace;
import io.containerkit.spec.Linux;
import io.containerkit.spec.LinuxNamespace;
import io.containerkit.spec.Spec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the engine holds for one container beside its processes: its directory, its bundle, and the mount namespace in which its root
/// is mounted and the runtime's commands run.
///
/// @param path the OCI bundle
/// @param fitted what the runtime reads as the bundle's `config.json`
/// @param cgroup the container's own cgroup, a path below each hierarchy; empty if it shares one
/// @param belongings what the container has outside of its directory
/// @param namespace where the runtime's commands for this container run, or null for the host's own
record Bundle(
    StateDirectory state, String id, Path path, FittedSpec fitted, String cgroup, Belongings belongings, @Nullable MountNamespace namespace)
    implements AutoCloseable {

  /// The name of the specification in a bundle.
  static final String DOCUMENT = "config.json";

  /// How long processes may take to end after SIGKILL.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  Spec spec() {
    return fitted.spec();
  }

  /// Whether the container's processes can outlive its init process, because they share somebody else's pid namespace.
  boolean sharesPids() {
    Linux linux = spec().linux();
    LinuxNamespace pids = linux == null ? null : linux.namespace(LinuxNamespace.PID);
    return pids == null || !pids.path().isEmpty();
  }

  /// The image that the container is made of.
  Optional<ContainerImage> image() {
    return ContainerImage.read(state, id);
  }

  /// Kills what init has left behind in a shared pid namespace.
  void endStrays() throws InterruptedException {
    if (sharesPids() && !cgroup.isEmpty()) {
      Cgroups.host().at(Path.of(cgroup)).kill(PATIENCE);
    }
  }

  /// Gives everything back, the id last, and lets go of the mounts. What could not be removed keeps the id and with it the journal, by
  /// which somebody else can try again.
  ///
  /// @param andVolumes whether the volumes that are its own go, too
  void remove(boolean andVolumes) {
    new Closing().then(this::close).then(() -> removeFiles(andVolumes)).run();
  }

  private void removeFiles(boolean andVolumes) {
    belongings.remove(id, andVolumes);
    state.remove(state.container(id));
  }

  /// Lets go of the mounts; the container keeps its own hold on them.
  @Override
  public void close() {
    if (namespace != null) {
      namespace.close();
    }
  }
}
