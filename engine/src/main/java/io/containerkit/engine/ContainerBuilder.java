package io.containerkit.engine;

import io.containerkit.image.Image;
import io.containerkit.image.ImageConfig.Defaults;
import io.containerkit.image.PullOptions;
import io.containerkit.linux.Fd;
import io.containerkit.runtime.CreateOptions;
import io.containerkit.runtime.RestoreOptions;
import io.containerkit.runtime.Stdio;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.Linux;
import io.containerkit.spec.LinuxCpu;
import io.containerkit.spec.LinuxMemory;
import io.containerkit.spec.LinuxNamespace;
import io.containerkit.spec.LinuxPids;
import io.containerkit.spec.LinuxResources;
import io.containerkit.spec.Mount;
import io.containerkit.spec.ProcessSpec;
import io.containerkit.spec.Root;
import io.containerkit.spec.Spec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Says what a container is to be, and makes it. A container starts from [Spec#defaults]: Docker's capabilities, masked paths and mounts,
/// every namespace of its own, and a network with the loopback device only; then from what its image says, if it has one. What is said
/// here comes on top of both, in its order.
///
/// What a method here does not reach, [#spec] does. Not thread-safe; [#create] can be called once for each id.
public final class ContainerBuilder {

  private static final long CPU_PERIOD = 100_000;

  private final ContainerKit kit;
  private final String id;
  private final List<UnaryOperator<Spec>> changes = new ArrayList<>();
  private Choices choices = Choices.NONE;
  private @Nullable Path bundle;
  private @Nullable Spec given;
  private @Nullable Rootfs rootfs;
  private @Nullable ImageChoice image;
  private final CreateOptions.Builder options = CreateOptions.builder().stdio(Stdio.pipes());

  ContainerBuilder(ContainerKit kit, String id) {
    this.kit = kit;
    this.id = id;
  }

  /// Takes the root file system from here; a container needs this, [#image] or [#bundle].
  public ContainerBuilder rootfs(Rootfs rootfs) {
    refuseOther("rootfs", this.rootfs);
    this.rootfs = rootfs;
    return this;
  }

  /// Makes the container of an image, which is pulled when the container is made, if it is not here.
  ///
  /// @param image a reference such as `alpine:3.22`, or the start of the ID of an image that is here
  public ContainerBuilder image(String image) {
    refuseOther("image", this.image);
    this.image = ImageChoice.of(image);
    return this;
  }

  /// Makes the container of an image of [ContainerKit#images].
  public ContainerBuilder image(Image image) {
    refuseOther("image", this.image);
    this.image = ImageChoice.of(image);
    return this;
  }

  /// Says how the image is pulled: when, for which platform, and who is told of it. By default it is if it is missing.
  ///
  /// @throws IllegalStateException if no image was named before
  public ContainerBuilder pull(PullOptions options) {
    if (image == null) {
      throw new IllegalStateException("container \"" + id + "\": pull says how an image is pulled; name it first");
    }
    image = image.with(options);
    return this;
  }

  /// Uses an OCI bundle as it is. What the container is then stands in the bundle's `config.json`; the methods that would change it
  /// are refused with [IllegalStateException]. Limits above what this host allows are lowered, which [Container#adjustments] tells; the
  /// file is not touched.
  ///
  /// @throws io.containerkit.spec.SpecException if the bundle has no readable `config.json`
  public ContainerBuilder bundle(Path bundle) {
    refuseOther("bundle", this.bundle);
    this.given = Spec.read(bundle.resolve("config.json"));
    this.bundle = bundle.toAbsolutePath().normalize();
    return this;
  }

  /// A container has one root. Saying the same twice replaces it.
  private void refuseOther(String method, @Nullable Object same) {
    if (same == null && (rootfs != null || image != null || bundle != null)) {
      throw new IllegalStateException(
          "container \"" + id + "\" has a root already: " + method + " cannot be combined with " + (rootfs != null ? "rootfs" : image != null ? "image" : "bundle"));
    }
  }

  /// Sets the executable and its arguments; with an image that has an entry point, the arguments of that. An executable without a slash is
  /// looked up on the container's PATH, in its root.
  public ContainerBuilder command(String... command) {
    return command(List.of(command));
  }

  /// Sets the executable and its arguments, as [#command(String...)] does.
  public ContainerBuilder command(List<String> command) {
    refuseBundle("command");
    choices = choices.withCommand(command);
    return this;
  }

  /// Sets what the command line starts with, instead of what the image says; the image's own command goes with it. Without a word, there is
  /// no entry point and the command is all.
  public ContainerBuilder entrypoint(String... entrypoint) {
    return entrypoint(List.of(entrypoint));
  }

  /// Sets what the command line starts with, as [#entrypoint(String...)] does.
  public ContainerBuilder entrypoint(List<String> entrypoint) {
    refuseBundle("entrypoint");
    choices = choices.withEntrypoint(entrypoint);
    return this;
  }

  /// Adds a note, beside those of the image; see [Container#image]. It steers nothing.
  public ContainerBuilder label(String name, String value) {
    refuseBundle("label");
    choices = choices.withLabel(name, value);
    return this;
  }

  /// Sets an environment variable.
  public ContainerBuilder env(String name, String value) {
    if (name.isEmpty() || name.indexOf('=') >= 0) {
      throw new IllegalArgumentException("not a name of an environment variable: \"" + name + "\"");
    }
    return process("env", process -> process.toBuilder().env(with(process.env(), name, value)));
  }

  /// Sets the working directory, an absolute path in the container; it is created where it is missing.
  public ContainerBuilder cwd(String cwd) {
    return process("cwd", process -> process.toBuilder().cwd(cwd));
  }

  /// Sets who runs the command: `user[:group]`, each a name of the root's `/etc/passwd` and `/etc/group` or a number. A user of
  /// `/etc/passwd` has its group and its supplementary groups from there, unless a group is given.
  public ContainerBuilder user(String user) {
    refuseBundle("user");
    choices = choices.withUser(user);
    return this;
  }

  /// Sets the host name. The default is the container's id.
  public ContainerBuilder hostname(String hostname) {
    return change("hostname", spec -> spec.toBuilder().hostname(hostname));
  }

  /// Adds a mount over the root. It hides what was mounted at the same destination before.
  public ContainerBuilder mount(Mount mount) {
    return change(
        "mount",
        spec -> {
          List<Mount> mounts = new ArrayList<>(spec.mounts());
          mounts.removeIf(other -> other.destination().equals(mount.destination()));
          mounts.add(mount);
          return spec.toBuilder().mounts(mounts);
        });
  }

  /// Mounts a volume of [ContainerKit#volumes], which is made if there is none of this name, and stays when the container is gone. While
  /// it is empty, it gets what the root has in this place, owners, modes and attributes included.
  ///
  /// @param destination an absolute path in the container
  /// @param options those of a bind mount, such as `ro`; `nocopy` leaves an empty volume empty
  public ContainerBuilder volume(String name, String destination, String... options) {
    return mount(Mount.of(destination, VolumeMounts.TYPE, Volumes.check(name), options));
  }

  /// Mounts a volume of the container's own, as the `VOLUME` of an image does: it goes with the container, unless somebody else removes
  /// that after [Container#detach].
  ///
  /// @param destination an absolute path in the container
  /// @param options as in [#volume]
  public ContainerBuilder ownVolume(String destination, String... options) {
    return mount(Mount.of(destination, VolumeMounts.TYPE, "", options));
  }

  /// Whether the root is read-only for the container.
  public ContainerBuilder readOnlyRoot(boolean readOnlyRoot) {
    return change("readOnlyRoot", spec -> spec.toBuilder().root(Root.of("rootfs", readOnlyRoot)));
  }

  /// Sets the network.
  public ContainerBuilder network(Network network) {
    return linux(
        "network",
        linux -> {
          List<LinuxNamespace> namespaces = new ArrayList<>(linux.namespaces());
          namespaces.removeIf(namespace -> namespace.type().equals(LinuxNamespace.NETWORK));
          if (network == Network.NONE) {
            namespaces.add(LinuxNamespace.of(LinuxNamespace.NETWORK));
          }
          return linux.toBuilder().namespaces(namespaces);
        });
  }

  /// Limits the memory of all processes together. How much swap they may use besides, the kernel decides; [#spec] can limit it.
  ///
  /// @param bytes the limit
  public ContainerBuilder memory(long bytes) {
    return resources("memory", resources -> resources.memory(LinuxMemory.limited(bytes)));
  }

  /// Limits the CPU time of all processes together.
  ///
  /// @param cpus how many CPUs' worth, such as 1.5
  public ContainerBuilder cpus(double cpus) {
    if (!(cpus > 0) || cpus > 1e6) {
      throw new IllegalArgumentException("cpus must be more than 0: " + cpus);
    }
    return resources(
        "cpus",
        resources ->
            resources.cpu(LinuxCpu.builder().period(CPU_PERIOD).quota(Math.max(1_000, Math.round(cpus * CPU_PERIOD))).build()));
  }

  /// Limits how many processes and threads there can be.
  public ContainerBuilder pids(long limit) {
    return resources("pids", resources -> resources.pids(LinuxPids.of(limit)));
  }

  /// Whether `execve` is kept from ever adding privileges, set-user-ID programs included.
  public ContainerBuilder noNewPrivileges(boolean noNewPrivileges) {
    return process("noNewPrivileges", process -> process.toBuilder().noNewPrivileges(noNewPrivileges));
  }

  /// The specification as it is now, without what an image will say; of a bundle, what stands in its `config.json`.
  public Spec spec() {
    return given == null ? changed(Spec.defaults(), choices.arguments()) : given;
  }

  /// Changes anything else of the specification.
  ///
  /// @param change depends on nothing but what it is given: it is called when the specification is needed
  public ContainerBuilder spec(UnaryOperator<Spec> change) {
    refuseBundle("spec");
    changes.add(change);
    return this;
  }

  /// Says where the standard streams of the init process lead. The default is a pipe for each. A terminal also makes the
  /// process one with a terminal.
  public ContainerBuilder stdio(Stdio stdio) {
    options.stdio(stdio);
    return this;
  }

  /// Says which descriptors become 3, 4, … in the init process. They stay the caller's.
  public ContainerBuilder descriptors(List<Fd> descriptors) {
    options.descriptors(descriptors);
    return this;
  }

  /// Whether the root is entered by moving a mount instead of `pivot_root`, for a host that runs from a ramdisk.
  public ContainerBuilder noPivot(boolean noPivot) {
    options.noPivot(noPivot);
    return this;
  }

  /// Whether the container shares the session keyring of this process.
  public ContainerBuilder noNewKeyring(boolean noNewKeyring) {
    options.noNewKeyring(noNewKeyring);
    return this;
  }

  /// Limits how long the making of the container may take. What was made by then is removed.
  public ContainerBuilder deadline(Duration deadline) {
    options.deadline(deadline);
    return this;
  }

  /// Makes the container: its init process exists and waits for [Container#start].
  ///
  /// @return the container, which its caller closes
  /// @throws io.containerkit.spec.EngineException of kind `ALREADY_EXISTS` if the id is taken
  /// @throws io.containerkit.spec.CommandException if the runtime fails; nothing is left of the container then
  /// @throws io.containerkit.spec.RegistryException if the image has to be pulled and cannot be
  /// @throws io.containerkit.spec.ImageException if the image is refused, or is not here and is not to be pulled
  /// @throws IllegalStateException if neither a root file system, an image nor a bundle was given
  public Container create() {
    if (image == null) {
      return kit.create(plan());
    }
    try (ImageChoice.Held held = image.have(id, kit.images())) {
      return kit.create(plan(held));
    }
  }

  /// Makes the container and starts it.
  public Container run() {
    Container container = create();
    try {
      container.start();
      return container;
    } catch (Throwable failure) {
      Closing.suppressing(failure, container::close);
      throw failure;
    }
  }

  /// Makes the container of what [Container#checkpoint] saved of one with the same specification. It runs.
  ///
  /// Files are not saved with it: what it had open is looked for in the root that is given here. What it had written to a layer of its own
  /// went with that.
  ///
  /// @param from where the files are, and how they are read; its standard streams are replaced by those of this builder
  /// @return the container, which its caller closes
  /// @throws IllegalStateException if descriptors are to be passed on: no runtime gives any to a process that is restored
  public Container restore(RestoreOptions from) {
    if (!options.build().descriptors().isEmpty()) {
      throw new IllegalStateException("container \"" + id + "\": no runtime passes descriptors to a process that is restored");
    }
    if (image == null) {
      return kit.restore(plan(), from);
    }
    try (ImageChoice.Held held = image.have(id, kit.images())) {
      return kit.restore(plan(held), from);
    }
  }

  private ContainerPlan plan() {
    if (bundle != null && given != null) {
      return new ContainerPlan(id, new ContainerPlan.Given(bundle), given, null, options.build());
    }
    if (rootfs == null) {
      throw new IllegalStateException("container \"" + id + "\" has no root: say image(…), rootfs(…) or bundle(…)");
    }
    if (!choices.labels().isEmpty()) {
      throw new IllegalStateException("container \"" + id + "\": labels are kept with the image, and it is made of a directory");
    }
    return new ContainerPlan(id, new ContainerPlan.Made(rootfs), spec(), choices.user(), options.build());
  }

  private ContainerPlan plan(ImageChoice.Held held) {
    Image chosen = held.image();
    Defaults defaults = chosen.config().defaults();
    List<String> arguments = Inheritance.arguments(defaults, choices);
    if (arguments.isEmpty()) {
      throw new ImageException(
          ErrorKind.INVALID_ARGUMENT, chosen.name(), "image " + chosen.name() + " does not say what to run: give a command", null);
    }
    Spec whole = Inheritance.withVolumes(changed(Inheritance.applied(Spec.defaults(), defaults), arguments), defaults);
    Defaults effective = Inheritance.effective(defaults, choices, whole);
    String user = effective.user().isEmpty() ? "0" : effective.user();
    ContainerPlan.Imaged source = new ContainerPlan.Imaged(held.images(), chosen, chosen.config().withDefaults(effective));
    return new ContainerPlan(id, source, whole, user, options.build());
  }

  /// @param arguments the command line; empty to leave the base's
  private Spec changed(Spec base, List<String> arguments) {
    Spec spec = arguments.isEmpty() ? base : base.toBuilder().process(process(base).toBuilder().args(arguments).build()).build();
    for (UnaryOperator<Spec> change : changes) {
      spec = change.apply(spec);
    }
    return spec;
  }

  private ContainerBuilder change(String method, Function<Spec, Spec.Builder> change) {
    refuseBundle(method);
    changes.add(spec -> change.apply(spec).build());
    return this;
  }

  private ContainerBuilder process(String method, Function<ProcessSpec, ProcessSpec.Builder> change) {
    return change(method, spec -> spec.toBuilder().process(change.apply(process(spec)).build()));
  }

  private ContainerBuilder linux(String method, Function<Linux, Linux.Builder> change) {
    return change(
        method,
        spec -> spec.toBuilder().linux(change.apply(Objects.requireNonNull(spec.linux(), "the specification has no linux part")).build()));
  }

  private ContainerBuilder resources(String method, UnaryOperator<LinuxResources.Builder> change) {
    return linux(
        method,
        linux -> {
          LinuxResources resources = linux.resources();
          return linux.toBuilder()
              .resources(change.apply(resources == null ? LinuxResources.builder() : resources.toBuilder()).build());
        });
  }

  private static ProcessSpec process(Spec spec) {
    return Objects.requireNonNull(spec.process(), "the specification has no process");
  }

  private void refuseBundle(String method) {
    if (bundle != null) {
      throw new IllegalStateException(
          "container \"" + id + "\": " + method + " cannot change a bundle; write it into " + bundle.resolve("config.json"));
    }
  }

  private static List<String> with(List<String> env, String name, String value) {
    List<String> result = new ArrayList<>(env);
    result.removeIf(entry -> entry.startsWith(name + "="));
    result.add(name + "=" + value);
    return result;
  }
}
