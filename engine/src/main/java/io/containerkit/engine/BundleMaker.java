package io.containerkit.engine;

import io.containerkit.linux.MountNamespace;
import io.containerkit.linux.Mounts;
import io.containerkit.linux.Overlay;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.Root;
import io.containerkit.spec.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Turns a plan into a bundle: journal, mounts, `config.json`, in this order, so that what is done can be undone at any instant.
final class BundleMaker {

  private final StateDirectory state;
  private final RuntimeAccess access;
  private final ContainerPlan plan;
  private final VolumeMounts volumes;
  private final Path directory;
  private Belongings belongings = Belongings.NONE;

  private BundleMaker(StateDirectory state, RuntimeAccess access, ContainerPlan plan, VolumeMounts volumes, Path directory) {
    this.state = state;
    this.access = access;
    this.plan = plan;
    this.volumes = volumes;
    this.directory = directory;
  }

  /// @param directory the container's own directory, which its caller removes if this fails
  static Bundle make(StateDirectory state, RuntimeAccess access, ContainerPlan plan, VolumeMounts volumes, Path directory) {
    BundleMaker maker = new BundleMaker(state, access, plan, volumes, directory);
    try {
      return maker.withVolumesFilled(maker.make());
    } catch (Throwable failure) {
      Closing.suppressing(failure, () -> maker.belongings.remove(plan.id(), true));
      throw failure;
    }
  }

  private Bundle make() {
    // No pattern switch here and in `made`: a cold JVM takes 0.4 ms for each.
    if (plan.source() instanceof ContainerPlan.Made(Rootfs rootfs)) {
      return made(rootfs);
    }
    if (plan.source() instanceof ContainerPlan.Imaged imaged) {
      return imaged(imaged);
    }
    return given(((ContainerPlan.Given) plan.source()).bundle());
  }

  private Bundle withVolumesFilled(Bundle bundle) {
    try {
      volumes.fill();
      return bundle;
    } catch (Throwable failure) {
      Closing.suppressing(failure, bundle::close);
      throw failure;
    }
  }

  private Bundle given(Path path) {
    String cgroup = journal(plan, path, List.of());
    FittedSpec fitted = FittedSpec.of(plan.id(), plan.spec());
    MountNamespace namespace = fitted.adjustments().isEmpty() ? access.namespaceIfNeeded() : laidOver(path, fitted);
    return bundle(path, fitted, cgroup, namespace);
  }

  /// A bundle is its user's. A document that differs from its `config.json` lies over that, where only the runtime's commands for this
  /// container see it; everything else in the bundle, and its path, which hooks are told, are what they were.
  private MountNamespace laidOver(Path bundle, FittedSpec fitted) {
    Path document = directory.resolve(Bundle.DOCUMENT);
    fitted.spec().write(document);
    MountNamespace namespace = access.namespace();
    try {
      return namespace.call(
          () -> {
            Mounts.bind(document, bundle.resolve(Bundle.DOCUMENT).toRealPath());
            return namespace;
          });
    } catch (IOException e) {
      namespace.close();
      throw StateDirectory.failure(plan.id(), "cannot find " + bundle.resolve(Bundle.DOCUMENT), e);
    } catch (Throwable failure) {
      Closing.suppressing(failure, namespace::close);
      throw failure;
    }
  }

  private Bundle made(Rootfs rootfs) {
    ContainerPlan named = plan.withCgroup();
    String cgroup = journal(named, directory, List.of());
    if (rootfs instanceof Rootfs.InPlace(Path root)) {
      requireDirectory(root);
      FittedSpec spec = write(named, root);
      return bundle(directory, spec, cgroup, access.namespaceIfNeeded());
    }
    List<Path> lower = ((Rootfs.Overlay) rootfs).lower();
    lower.forEach(this::requireDirectory);
    MountNamespace namespace = access.namespace();
    try {
      FittedSpec spec = namespace.call(() -> write(named, mountInMemory(lower)));
      return bundle(directory, spec, cgroup, namespace);
    } catch (Throwable failure) {
      Closing.suppressing(failure, namespace::close);
      throw failure;
    }
  }

  private Bundle imaged(ContainerPlan.Imaged source) {
    ContainerPlan named = plan.withCgroup();
    Storage storage = Storage.named(source.images().store());
    String cgroup = journal(named, directory, storage.paths());
    try {
      ImageRoot root = ImageRoot.prepare(plan.id(), source, storage);
      new ContainerImage(source.image().name(), source.image().descriptor(), source.config(), root.files(), root.isCopied()).write(state, directory);
      Path place = mkdir("rootfs");
      MountNamespace namespace = access.namespace();
      try {
        FittedSpec spec = namespace.call(() -> write(named, prepared(root.mount(place))));
        return bundle(directory, spec, cgroup, namespace);
      } catch (Throwable failure) {
        Closing.suppressing(failure, namespace::close);
        throw failure;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(
          ErrorKind.CANCELLED, plan.id(), "container \"" + plan.id() + "\": interrupted while its root was made", e);
    }
  }

  private Bundle bundle(Path path, FittedSpec spec, String cgroup, @Nullable MountNamespace namespace) {
    return new Bundle(state, plan.id(), path, spec, cgroup, belongings, namespace);
  }

  /// An image is somebody else's: its root is looked at before anything is mounted in it.
  private static Path prepared(Path root) {
    RootDirectories.check(root);
    return root;
  }

  /// Writes down how to undo what follows, and takes the volumes.
  private String journal(ContainerPlan named, Path bundle, List<Path> storage) {
    String cgroup = named.cgroup();
    List<Path> owned = new ArrayList<>(storage);
    owned.addAll(volumes.leases());
    belongings = new Belongings(owned, volumes.own());
    new Journal(access.command(), bundle, cgroup, belongings).write(state, directory);
    volumes.take(directory);
    return cgroup;
  }

  /// Mounts the root. The writable layer cannot lie in a file system below it, for the lower layer may be the host's own root.
  private Path mountInMemory(List<Path> lower) {
    Path layer = mkdir("layer");
    Mounts.tmpfs(layer, List.of("mode=0700"));
    Path upper = mkdir("layer/upper");
    Path work = mkdir("layer/work");
    Path root = mkdir("rootfs");
    likewise(plan.id(), lower.getFirst(), upper);
    Mounts.overlay(Overlay.of(lower, upper, work), root);
    return root;
  }

  /// Gives the writable layer the owner and mode of the uppermost layer below it: the overlay's root has them from there.
  static void likewise(String id, Path lower, Path upper) {
    try {
      Map<String, Object> attributes = Files.readAttributes(lower, "unix:mode,uid,gid");
      Files.setAttribute(upper, "unix:uid", attributes.get("uid"));
      Files.setAttribute(upper, "unix:gid", attributes.get("gid"));
      Files.setAttribute(upper, "unix:mode", (int) Objects.requireNonNull(attributes.get("mode")) & 07777);
    } catch (IOException e) {
      throw StateDirectory.failure(id, "cannot give " + upper + " the owner and mode of " + lower, e);
    }
  }

  /// Writes the specification, from where the root's files are visible.
  private FittedSpec write(ContainerPlan named, Path root) {
    String user = plan.user();
    Spec filled;
    if (user == null) {
      filled = named.filledIn(null, false);
    } else {
      Users users = Users.of(root);
      filled = named.filledIn(users.resolve(user), !users.hasAccount(user));
    }
    if (named.source() instanceof ContainerPlan.Imaged) {
      filled = WorkingDirectory.prepared(root, EtcFiles.add(state, directory, filled));
    }
    volumes.prepare(root);
    filled = volumes.bound(filled);
    Root described = filled.root();
    Spec spec =
        filled.toBuilder().root(Root.of(root.toString(), described != null && described.readonly())).build().requireValid();
    FittedSpec fitted = FittedSpec.of(plan.id(), spec);
    fitted.spec().write(directory.resolve(Bundle.DOCUMENT));
    return fitted;
  }

  private Path mkdir(String name) {
    Path made = directory.resolve(name);
    try {
      return Files.createDirectory(made);
    } catch (IOException e) {
      throw StateDirectory.failure(plan.id(), "cannot create " + made, e);
    }
  }

  private void requireDirectory(Path path) {
    if (!Files.isDirectory(path)) {
      throw new EngineException(
          ErrorKind.INVALID_ARGUMENT,
          plan.id(),
          "container \"" + plan.id() + "\": the root file system " + path + (Files.exists(path) ? " is not a directory" : " does not exist"),
          null);
    }
  }
}
