package io.containerkit.engine;

import io.containerkit.linux.Fd;
import io.containerkit.runtime.CreateOptions;
import io.containerkit.runtime.RestoreOptions;
import io.containerkit.runtime.Stdio;
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
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Says what a container is to be, and makes it. A new builder holds [Spec#defaults]: Docker's capabilities, masked paths and mounts,
/// every namespace of its own, and a network with the loopback device only.
///
/// What a method here does not reach, [#spec] does. Not thread-safe; [#create] can be called once for each id.
public final class ContainerBuilder {

  private static final long CPU_PERIOD = 100_000;

  private final ContainerKit kit;
  private final String id;
  private Spec spec = Spec.defaults();
  private @Nullable Path bundle;
  private @Nullable Rootfs rootfs;
  private @Nullable String user;
  private final CreateOptions.Builder options = CreateOptions.builder().stdio(Stdio.pipes());

  ContainerBuilder(ContainerKit kit, String id) {
    this.kit = kit;
    this.id = id;
  }

  /// Takes the root file system from here; a container needs this or [#bundle].
  public ContainerBuilder rootfs(Rootfs rootfs) {
    refuseBundle("rootfs");
    this.rootfs = rootfs;
    return this;
  }

  /// Uses an OCI bundle as it is. What the container is then stands in the bundle's `config.json`; the methods that would change it
  /// are refused with [IllegalStateException].
  ///
  /// @throws io.containerkit.spec.SpecException if the bundle has no readable `config.json`
  public ContainerBuilder bundle(Path bundle) {
    if (rootfs != null) {
      throw new IllegalStateException("container \"" + id + "\": a bundle has a root file system of its own; leave out rootfs");
    }
    this.spec = Spec.read(bundle.resolve("config.json"));
    this.bundle = bundle.toAbsolutePath().normalize();
    return this;
  }

  /// Sets the executable and its arguments. The executable is looked up on the container's PATH, in its root.
  public ContainerBuilder command(String... command) {
    return command(List.of(command));
  }

  /// Sets the executable and its arguments. The executable is looked up on the container's PATH, in its root.
  public ContainerBuilder command(List<String> command) {
    return process("command", process -> process.args(command));
  }

  /// Sets an environment variable.
  public ContainerBuilder env(String name, String value) {
    return process("env", process -> process.env(with(process().env(), name, value)));
  }

  /// Sets the working directory, an absolute path in the container; it is created where it is missing.
  public ContainerBuilder cwd(String cwd) {
    return process("cwd", process -> process.cwd(cwd));
  }

  /// Sets who runs the command: `user[:group]`, each a name of the root's `/etc/passwd` and `/etc/group` or a number. A user of
  /// `/etc/passwd` has its group and its supplementary groups from there, unless a group is given.
  public ContainerBuilder user(String user) {
    refuseBundle("user");
    this.user = user;
    return this;
  }

  /// Sets the host name. The default is the container's id.
  public ContainerBuilder hostname(String hostname) {
    return change("hostname", to -> to.hostname(hostname));
  }

  /// Adds a mount over the root. It hides what was mounted at the same destination before.
  public ContainerBuilder mount(Mount mount) {
    return change(
        "mount",
        to -> {
          List<Mount> mounts = new ArrayList<>(spec.mounts());
          mounts.removeIf(other -> other.destination().equals(mount.destination()));
          mounts.add(mount);
          return to.mounts(mounts);
        });
  }

  /// Makes the root read-only for the container.
  public ContainerBuilder readOnlyRoot() {
    return change("readOnlyRoot", to -> to.root(Root.of("rootfs", true)));
  }

  /// Sets the network.
  public ContainerBuilder network(Network network) {
    return linux(
        "network",
        linux -> {
          List<LinuxNamespace> namespaces = new ArrayList<>(linux().namespaces());
          namespaces.removeIf(namespace -> namespace.type().equals(LinuxNamespace.NETWORK));
          if (network == Network.NONE) {
            namespaces.add(LinuxNamespace.of(LinuxNamespace.NETWORK));
          }
          return linux.namespaces(namespaces);
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

  /// Keeps `execve` from ever adding privileges, set-user-ID programs included.
  public ContainerBuilder noNewPrivileges() {
    return process("noNewPrivileges", process -> process.noNewPrivileges(true));
  }

  /// The specification as it is now; of a bundle, what stands in its `config.json`.
  public Spec spec() {
    return spec;
  }

  /// Changes anything else of the specification.
  public ContainerBuilder spec(UnaryOperator<Spec> change) {
    refuseBundle("spec");
    spec = change.apply(spec);
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

  /// Enters the root by moving a mount instead of `pivot_root`, for a host that runs from a ramdisk.
  public ContainerBuilder noPivot() {
    options.noPivot(true);
    return this;
  }

  /// Lets the container share the session keyring of this process.
  public ContainerBuilder noNewKeyring() {
    options.noNewKeyring(true);
    return this;
  }

  /// Limits how long the making of the container may take. What was made by then is removed.
  public ContainerBuilder timeout(Duration timeout) {
    options.deadline(timeout);
    return this;
  }

  /// Makes the container: its init process exists and waits for [Container#start].
  ///
  /// @return the container, which its caller closes
  /// @throws io.containerkit.spec.EngineException of kind `ALREADY_EXISTS` if the id is taken
  /// @throws io.containerkit.spec.CommandException if the runtime fails; nothing is left of the container then
  /// @throws IllegalStateException if neither a root file system nor a bundle was given
  public Container create() {
    return kit.create(plan());
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
  /// @param from where the files are, and how they are read; its standard streams are replaced by those of this builder
  /// @return the container, which its caller closes
  public Container restore(RestoreOptions from) {
    return kit.restore(plan(), from);
  }

  private ContainerPlan plan() {
    if (bundle != null) {
      return new ContainerPlan(id, new ContainerPlan.Given(bundle), spec, user, options.build());
    }
    if (rootfs == null) {
      throw new IllegalStateException("container \"" + id + "\" has no root: say rootfs(…) or bundle(…)");
    }
    return new ContainerPlan(id, new ContainerPlan.Made(rootfs), spec, user, options.build());
  }

  private ContainerBuilder change(String method, UnaryOperator<Spec.Builder> change) {
    refuseBundle(method);
    spec = change.apply(spec.toBuilder()).build();
    return this;
  }

  private ContainerBuilder process(String method, UnaryOperator<ProcessSpec.Builder> change) {
    return change(method, to -> to.process(change.apply(process().toBuilder()).build()));
  }

  private ContainerBuilder linux(String method, UnaryOperator<Linux.Builder> change) {
    return change(method, to -> to.linux(change.apply(linux().toBuilder()).build()));
  }

  private ContainerBuilder resources(String method, UnaryOperator<LinuxResources.Builder> change) {
    return linux(
        method,
        linux -> {
          LinuxResources resources = linux().resources();
          return linux.resources(
              change.apply(resources == null ? LinuxResources.builder() : resources.toBuilder()).build());
        });
  }

  private ProcessSpec process() {
    return Objects.requireNonNull(spec.process(), "the specification has no process");
  }

  private Linux linux() {
    return Objects.requireNonNull(spec.linux(), "the specification has no linux part");
  }

  private void refuseBundle(String method) {
    if (bundle != null) {
      throw new IllegalStateException(
          "container \"" + id + "\": " + method + " cannot change a bundle; write it into " + bundle.resolve("config.json"));
    }
  }

  private static List<String> with(List<String> env, String name, String value) {
    if (name.isEmpty() || name.indexOf('=') >= 0) {
      throw new IllegalArgumentException("not a name of an environment variable: \"" + name + "\"");
    }
    List<String> result = new ArrayList<>(env);
    result.removeIf(entry -> entry.startsWith(name + "="));
    result.add(name + "=" + value);
    return result;
  }
}
