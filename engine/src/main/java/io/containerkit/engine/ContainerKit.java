package io.containerkit.engine;

import io.containerkit.image.Images;
import io.containerkit.linux.MountNamespace;
import io.containerkit.runtime.ContainerId;
import io.containerkit.runtime.ContainerProcess;
import io.containerkit.runtime.OciRuntime;
import io.containerkit.runtime.RestoreOptions;
import io.containerkit.runtime.RuntimeProbe;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The engine: makes containers, finds those of other processes, and sees to it that nothing of its own is left behind.
///
/// {@snippet :
/// try (ContainerKit kit = ContainerKit.open();
///     Container container = kit.container("web").rootfs(Rootfs.host()).command("echo", "hi").run()) {
///   System.out.print(new String(container.stdout().readAllBytes(), UTF_8));
///   System.out.println(container.waitFor());
/// }
/// }
///
/// Thread-safe. Several kits, also in several processes, share one state directory. Closing a kit removes the containers that it still
/// owns; if the JVM ends without that, a lifeline process does it.
///
/// On a kernel before 6.15 only the parent of a process is sure to learn how it ended. There a program that is the master of its whole
/// process keeps a [io.containerkit.linux.Subreaper] open around its kits.
public final class ContainerKit implements AutoCloseable {

  private static final AtomicLong SEQUENCE = new AtomicLong();

  private final RuntimeAccess access;
  private final StateDirectory state;
  private final Set<Container> containers = ConcurrentHashMap.newKeySet();
  private final @Nullable Path imageRoot;
  private final @Nullable Path volumeRoot;
  private @Nullable Lifeline lifeline;
  private @Nullable Images images;
  private boolean closed;

  private ContainerKit(RuntimeAccess access, StateDirectory state, ContainerKitBuilder settings) {
    this.access = access;
    this.state = state;
    this.imageRoot = settings.imageRoot();
    this.volumeRoot = settings.volumeRoot();
  }

  /// Opens an engine with the first runtime that works on this host, and the state directory that all users of this host share.
  ///
  /// @throws io.containerkit.spec.ContainerException of kind `RUNTIME_NOT_FOUND` if no runtime works here
  public static ContainerKit open() {
    return builder().open();
  }

  /// Opens an engine that differs from the usual one.
  public static ContainerKitBuilder builder() {
    return new ContainerKitBuilder();
  }

  static ContainerKit open(RuntimeProbe probe, ContainerKitBuilder settings) {
    StateDirectory state =
        new StateDirectory(settings.state(), Token.ofThisProcess(SEQUENCE.incrementAndGet()).toString());
    RuntimeAccess access = new RuntimeAccess(probe, settings, state);
    Recovery.run(state, access);
    return new ContainerKit(access, state, settings);
  }

  /// The runtime that this engine drives. Containers of this engine are to be changed through [Container].
  public OciRuntime runtime() {
    return access.runtime();
  }

  /// The images of this machine, opened on first use. Closed with this kit.
  public synchronized Images images() {
    requireOpen();
    if (images == null) {
      Images opened = imageRoot == null ? Images.open() : Images.open(imageRoot);
      Storage.sweep(opened.store());
      images = opened;
    }
    return images;
  }

  /// The volumes of this machine.
  public Volumes volumes() {
    return volumeRoot == null ? Volumes.open() : Volumes.open(volumeRoot);
  }

  /// Starts to say what a container is to be, under an id that is not in use.
  public ContainerBuilder container() {
    return container(String.format("%012x", ThreadLocalRandom.current().nextLong(1L << 48)));
  }

  /// Starts to say what a container is to be.
  ///
  /// @param id its id: 1 to 120 of `A-Z a-z 0-9 _ . + -`, the first a letter, a digit or `_`
  /// @throws io.containerkit.spec.CommandException of kind `INVALID_ID`
  public ContainerBuilder container(String id) {
    return new ContainerBuilder(this, ContainerId.check(id));
  }

  /// Starts to say what a container of an image is to be, under an id that is not in use.
  ///
  /// @param image a reference such as `alpine:3.22`, or the start of the ID of an image that is here
  public ContainerBuilder image(String image) {
    return container().image(image);
  }

  /// Finds a container of the state directory, whichever process made it.
  ///
  /// @return the container; closing it changes nothing, [Container#delete] removes it
  public Optional<Container> find(String id) {
    return Discovery.find(this, state, access, ContainerId.check(id));
  }

  /// The ids of all containers of the state directory.
  public List<String> ids() {
    return state.ids();
  }

  /// Removes the containers that this kit owns, the last one made first. Idempotent.
  @Override
  public void close() {
    Closing closing = new Closing();
    synchronized (this) {
      closed = true;
      Images opened = images;
      if (opened != null) {
        closing.then(opened::close);
      }
      Lifeline held = lifeline;
      lifeline = null;
      if (held != null) {
        closing.then(held::close).then(() -> spare(held));
      }
    }
    closing.then(state::close);
    containers.forEach(container -> closing.then(container::close));
    closing.run();
  }

  /// Spares a lifeline its search when there is nothing to find.
  private void spare(Lifeline held) {
    if (!state.owners().contains(state.token())) {
      held.done();
    }
  }

  Container create(ContainerPlan plan) {
    return make(plan, (runtime, bundle) -> runtime.create(plan.id(), bundle.path(), plan.options()));
  }

  Container restore(ContainerPlan plan, RestoreOptions from) {
    RestoreOptions options = from.with(plan.options());
    Container container = make(plan, (runtime, bundle) -> runtime.restore(plan.id(), bundle.path(), options));
    container.started();
    return container;
  }

  /// What has the runtime make the init process.
  private interface Making {
    ContainerProcess init(OciRuntime runtime, Bundle bundle);
  }

  private Container make(ContainerPlan plan, Making making) {
    holdLifeline();
    Path directory = Recovery.reserve(state, access, plan.id());
    Bundle bundle;
    try (VolumeMounts volumes = VolumeMounts.of(this, plan)) {
      bundle = BundleMaker.make(state, access, plan, volumes, directory);
    } catch (Throwable failure) {
      Closing.suppressing(failure, () -> state.remove(directory));
      throw failure;
    }
    OciRuntime runtime = access.in(bundle.namespace());
    ContainerProcess init;
    try {
      init = making.init(runtime, bundle);
    } catch (Throwable failure) {
      // The runtime leaves nothing behind when its create fails.
      Closing.suppressing(failure, () -> bundle.remove(true));
      throw failure;
    }
    Container container = new Container(this, bundle, runtime, Optional.of(init), true);
    try {
      keep(container);
    } catch (Throwable failure) {
      Closing.suppressing(failure, container::close);
      throw failure;
    }
    return container;
  }

  /// Hands a container over to whoever finds it next.
  void detach(Container container) {
    state.write(state.container(container.id()), "owner", StateDirectory.DETACHED + "\n");
  }

  void forget(Container container) {
    containers.remove(container);
  }

  private synchronized void keep(Container container) {
    requireOpen();
    containers.add(container);
  }

  private synchronized void holdLifeline() {
    requireOpen();
    if (lifeline == null) {
      try (MountNamespace namespace = access.namespace()) {
        lifeline = Lifeline.start(state.root(), state.token(), namespace);
      }
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("this ContainerKit is closed");
    }
  }
}
