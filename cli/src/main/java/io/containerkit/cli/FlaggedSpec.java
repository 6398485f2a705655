package io.containerkit.cli;

import io.containerkit.spec.Capabilities;
import io.containerkit.spec.Linux;
import io.containerkit.spec.LinuxDevice;
import io.containerkit.spec.LinuxDeviceCgroup;
import io.containerkit.spec.LinuxNamespace;
import io.containerkit.spec.LinuxResources;
import io.containerkit.spec.Mount;
import io.containerkit.spec.ProcessSpec;
import io.containerkit.spec.Root;
import io.containerkit.spec.Spec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Changes a specification as flags ask for. Pure: what must be looked up on the host comes in as a [Host].
final class FlaggedSpec {

  /// What the host is asked for.
  ///
  /// @param environment ckit's own, for variables that are handed on
  /// @param capabilities those that can be given: a bit for each
  /// @param devices the nodes behind `--device`, in the order of the flags
  record Host(Map<String, String> environment, long capabilities, List<LinuxDevice> devices) {}

  private FlaggedSpec() {}

  /// The specification of a container that is made from a directory or an image, all but its command.
  ///
  /// @param fileEnv the variables of `--env-file`
  static Spec of(Spec base, String id, ContainerFlags flags, List<String> fileEnv, Host host) {
    NamespaceFlags namespaces = flags.namespaces();
    Spec.Builder to = base.toBuilder();
    ProcessSpec.Builder process = process(require(base.process()), flags.process(), fileEnv, host);
    process.rlimits(flags.rlimits());
    flags.oomScoreAdj().ifPresent(score -> process.oomScoreAdj(score.intValue()));
    to.process(process.build());
    if (flags.files().readOnly()) {
      to.root(Root.of("rootfs", true));
    }
    namespaces.hostname().ifPresent(to::hostname);
    to.mounts(mounts(base.mounts(), flags));
    to.annotations(assignments(base.annotations(), flags.annotations()));
    Linux.Builder linux = linux(require(base.linux()), flags, host);
    flags.cgroupParent().ifPresent(parent -> linux.cgroupsPath(parent + "/" + id));
    to.linux(linux.build());
    return to.build();
  }

  /// A process, changed as flags ask for. The user stays, for names mean what they mean in the container.
  static ProcessSpec.Builder process(ProcessSpec base, ProcessFlags flags, List<String> fileEnv, Host host) {
    ProcessSpec.Builder to = base.toBuilder().terminal(flags.tty());
    to.env(environment(base.env(), fileEnv, flags.env(), host.environment()));
    flags.workdir().ifPresent(directory -> to.cwd(directory.toString()));
    if (!flags.capabilities().isEmpty()) {
      Capabilities has = base.capabilities();
      List<String> from = has == null ? List.of() : has.bounding();
      to.capabilities(Capabilities.of(flags.capabilities().applyTo(from, host.capabilities())));
    }
    if (flags.noNewPrivileges()) {
      to.noNewPrivileges(true);
    }
    return to;
  }

  /// Variables by name, each list outweighing those before it. `NAME` without a value takes the caller's, if there is one.
  private static List<String> environment(
      List<String> base, List<String> files, List<String> flags, Map<String, String> own) {
    Map<String, String> result = new LinkedHashMap<>();
    List<String> all = new ArrayList<>(base);
    all.addAll(files);
    all.addAll(flags);
    for (String variable : all) {
      int equals = variable.indexOf('=');
      if (equals >= 0) {
        result.put(variable.substring(0, equals), variable.substring(equals + 1));
      } else if (own.containsKey(variable)) {
        result.put(variable, own.get(variable));
      }
    }
    List<String> variables = new ArrayList<>();
    for (Map.Entry<String, String> variable : result.entrySet()) {
      variables.add(variable.getKey() + "=" + variable.getValue());
    }
    return variables;
  }

  private static List<Mount> mounts(List<Mount> base, ContainerFlags flags) {
    List<Mount> mounts = new ArrayList<>();
    boolean privileged = flags.process().capabilities().privileged();
    for (Mount mount : base) {
      if (!isReplaced(mount, flags.files().mounts())) {
        mounts.add(adapted(mount, flags, privileged));
      }
    }
    mounts.addAll(flags.files().mounts());
    return mounts;
  }

  private static boolean isReplaced(Mount mount, List<Mount> by) {
    for (Mount other : by) {
      if (other.destination().equals(mount.destination())) {
        return true;
      }
    }
    return false;
  }

  private static Mount adapted(Mount mount, ContainerFlags flags, boolean privileged) {
    if (mount.destination().equals("/dev/shm")) {
      return replaced(mount, "size=", "size=" + flags.files().shmSize());
    }
    return privileged && mount.destination().startsWith("/sys") ? replaced(mount, "ro", "rw") : mount;
  }

  /// The mount with another option in the place of the one that starts so.
  private static Mount replaced(Mount mount, String start, String option) {
    List<String> options = new ArrayList<>();
    for (String old : mount.options()) {
      if (!old.startsWith(start)) {
        options.add(old);
      }
    }
    options.add(option);
    return mount.toBuilder().options(options).build();
  }

  private static Linux.Builder linux(Linux base, ContainerFlags flags, Host host) {
    boolean privileged = flags.process().capabilities().privileged();
    Linux.Builder to = base.toBuilder().namespaces(namespaces(base.namespaces(), flags.namespaces()));
    to.sysctl(assignments(base.sysctl(), flags.namespaces().sysctls()));
    to.resources(resources(base.resources(), flags, privileged, host.devices()));
    List<LinuxDevice> devices = new ArrayList<>(base.devices());
    devices.addAll(host.devices());
    to.devices(devices);
    if (privileged) {
      to.maskedPaths(List.of()).readonlyPaths(List.of()).seccomp(null);
    }
    return to;
  }

  private static List<LinuxNamespace> namespaces(List<LinuxNamespace> base, NamespaceFlags flags) {
    List<LinuxNamespace> namespaces = new ArrayList<>();
    for (LinuxNamespace namespace : base) {
      boolean shared =
          switch (namespace.type()) {
            case LinuxNamespace.NETWORK -> flags.hostNetwork();
            case LinuxNamespace.PID -> flags.hostPid();
            case LinuxNamespace.IPC -> flags.hostIpc();
            case LinuxNamespace.UTS -> flags.hostUts();
            case LinuxNamespace.CGROUP -> flags.hostCgroup();
            default -> false;
          };
      if (!shared) {
        namespaces.add(namespace);
      }
    }
    return namespaces;
  }

  private static LinuxResources resources(
      @Nullable LinuxResources base, ContainerFlags flags, boolean privileged, List<LinuxDevice> nodes) {
    LinuxResources.Builder to = flags.limits().toBuilder();
    List<LinuxDeviceCgroup> devices = new ArrayList<>();
    if (privileged) {
      devices.add(LinuxDeviceCgroup.all(true, "rwm"));
    } else if (base != null) {
      devices.addAll(base.devices());
    }
    for (int i = 0; i < nodes.size(); i++) {
      LinuxDevice node = nodes.get(i);
      String access = flags.files().devices().get(i).access();
      devices.add(LinuxDeviceCgroup.of(true, node.type(), node.major(), node.minor(), access));
    }
    return to.devices(devices).build();
  }

  private static Map<String, String> assignments(Map<String, String> base, List<String> flags) {
    Map<String, String> result = new LinkedHashMap<>(base);
    for (String text : flags) {
      int equals = text.indexOf('=');
      result.put(text.substring(0, equals), text.substring(equals + 1));
    }
    return result;
  }

  private static <T> T require(@Nullable T part) {
    return Objects.requireNonNull(part, "the default specification is whole");
  }
}
