package io.containerkit.engine;

import io.containerkit.linux.Fd;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.Mount;
import io.containerkit.spec.Spec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The volumes of one container: what its specification calls mounts of the type `volume`, with the name of the volume for a source, or none
/// for one of its own. The runtime is told of bind mounts.
///
/// Used in the order of the methods, while the container is made. Close it afterwards.
final class VolumeMounts implements AutoCloseable {

  /// What a mount of a volume has as its type, and an option that keeps it from being filled (as with docker).
  static final String TYPE = "volume";

  private static final String NOCOPY = "nocopy";

  /// One of the mounts.
  ///
  /// @param anonymous whether the volume is the container's own
  private record Wanted(VolumeDirectory volume, boolean anonymous, Mount mount) {
    boolean isFilled() {
      return !mount.options().contains(NOCOPY);
    }

    Mount bind() {
      List<String> options = new ArrayList<>(mount.options());
      options.remove(NOCOPY);
      return Mount.bind(volume.data().toString(), mount.destination(), options.toArray(String[]::new));
    }
  }

  private final String id;
  private final List<Wanted> wanted;
  private final String lease;
  /// What the root has where the volumes are mounted that are to be filled with it.
  private final List<Source> sources = new ArrayList<>();

  private record Source(VolumeDirectory volume, Fd directory) {}

  private VolumeMounts(String id, List<Wanted> wanted, String lease) {
    this.id = id;
    this.wanted = wanted;
    this.lease = lease;
  }

  /// @throws EngineException of kind `INVALID_ID` if a volume cannot have its name
  static VolumeMounts of(ContainerKit kit, ContainerPlan plan) {
    List<Wanted> wanted = new ArrayList<>();
    if (!(plan.source() instanceof ContainerPlan.Given)) {
      for (Mount mount : plan.spec().mounts()) {
        if (mount.type().equals(TYPE)) {
          if (ContainerPath.of(mount.destination()).parts().isEmpty()) {
            throw new EngineException(
                ErrorKind.INVALID_ARGUMENT, plan.id(), "container \"" + plan.id() + "\": a volume cannot be mounted at " + mount.destination(), null);
          }
          boolean anonymous = mount.source().isEmpty();
          wanted.add(new Wanted(kit.volumes().directory(anonymous ? Volumes.newName() : mount.source()), anonymous, mount));
        }
      }
    }
    return new VolumeMounts(plan.id(), wanted, wanted.isEmpty() ? "" : Storage.newName());
  }

  /// The files by which the container will have the volumes, to be removed with it.
  List<Path> leases() {
    List<Path> leases = new ArrayList<>();
    for (Wanted one : wanted) {
      leases.add(one.volume().lease(lease));
    }
    return leases;
  }

  /// The volumes that are the container's own.
  List<Path> own() {
    List<Path> own = new ArrayList<>();
    for (Wanted one : wanted) {
      if (one.anonymous()) {
        own.add(one.volume().path());
      }
    }
    return own;
  }

  /// Makes the volumes that do not exist, and keeps all from being removed.
  ///
  /// @param directory the container's own
  void take(Path directory) {
    for (Wanted one : wanted) {
      do {
        one.volume().create(Map.of(), one.anonymous());
        // Or else it was removed at that very moment.
      } while (!one.volume().lease(lease, directory));
    }
  }

  /// Makes what is missing of the places where the volumes are mounted, and looks what is there.
  ///
  /// @param root the container's root, from where it is seen
  void prepare(Path root) {
    if (wanted.isEmpty()) {
      return;
    }
    try (RootDirectories directories = new RootDirectories(root)) {
      for (Wanted one : wanted) {
        Fd place = directories.make(one.mount().destination());
        if (one.isFilled()) {
          sources.add(new Source(one.volume(), place));
        } else {
          place.close();
        }
      }
    }
  }

  /// The specification as the runtime is told.
  Spec bound(Spec spec) {
    if (wanted.isEmpty()) {
      return spec;
    }
    List<Mount> mounts = new ArrayList<>();
    int next = 0;
    for (Mount mount : spec.mounts()) {
      mounts.add(mount.type().equals(TYPE) ? wanted.get(next++).bind() : mount);
    }
    return spec.toBuilder().mounts(mounts).build();
  }

  /// Fills those that are empty with what the root has in their places.
  void fill() {
    for (Source source : sources) {
      try {
        source.volume().fill(source.directory());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new EngineException(ErrorKind.CANCELLED, id, "container \"" + id + "\": interrupted while its volumes were filled", e);
      }
    }
  }

  @Override
  public void close() {
    for (Source source : sources) {
      source.directory().close();
    }
  }
}
