package io.containerkit.spec;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Checks what is particular to Linux (config-linux.md).
final class LinuxValidator {

  private static final Set<String> NAMESPACES =
      Set.of(
          LinuxNamespace.PID,
          LinuxNamespace.NETWORK,
          LinuxNamespace.MOUNT,
          LinuxNamespace.IPC,
          LinuxNamespace.UTS,
          LinuxNamespace.USER,
          LinuxNamespace.CGROUP,
          LinuxNamespace.TIME);
  private static final Set<String> CLOCKS = Set.of("monotonic", "boottime");
  private static final Set<String> PROPAGATIONS =
      Set.of("private", "rprivate", "slave", "rslave", "shared", "rshared", "unbindable", "runbindable");
  private static final Set<String> DEVICE_TYPES = Set.of("b", "c", "u", "p");
  private static final Set<String> DOMAINS = Set.of("LINUX", "LINUX32");
  private static final Set<String> MEMORY_MODES =
      Set.of(
          "MPOL_DEFAULT",
          "MPOL_BIND",
          "MPOL_INTERLEAVE",
          "MPOL_WEIGHTED_INTERLEAVE",
          "MPOL_PREFERRED",
          "MPOL_PREFERRED_MANY",
          "MPOL_LOCAL");
  private static final Set<String> MEMORY_FLAGS =
      Set.of("MPOL_F_NUMA_BALANCING", "MPOL_F_RELATIVE_NODES", "MPOL_F_STATIC_NODES");
  private static final List<String> IPC_PARAMETERS = List.of("fs.mqueue.", "kernel.msg", "kernel.sem", "kernel.shm");

  /// IFNAMSIZ without its NUL (linux/if.h).
  private static final int MAX_INTERFACE_NAME = 15;

  private LinuxValidator() {}

  static void validate(Linux linux, Problems problems) {
    namespaces(linux.namespaces(), problems.at("namespaces"));
    userNamespace(linux, problems);
    if (!linux.timeOffsets().isEmpty()) {
      requireNamespace(linux, LinuxNamespace.TIME, problems.at("timeOffsets"));
      for (String clock : linux.timeOffsets().keySet()) {
        problems.at("timeOffsets").requireKnown(clock, clock, CLOCKS);
      }
    }
    for (String parameter : linux.sysctl().keySet()) {
      sysctl(parameter, linux, problems.at("sysctl").at(parameter));
    }
    if (linux.resources() != null) {
      ResourcesValidator.validate(linux.resources(), problems.at("resources"));
    }
    devices(linux.devices(), problems.at("devices"));
    netDevices(linux, problems.at("netDevices"));
    if (linux.seccomp() != null) {
      SeccompValidator.validate(linux.seccomp(), problems.at("seccomp"));
    }
    if (!linux.rootfsPropagation().isEmpty()) {
      problems.requireKnown("rootfsPropagation", linux.rootfsPropagation(), PROPAGATIONS);
    }
    problems.requireAbsolute("maskedPaths", linux.maskedPaths());
    problems.requireAbsolute("readonlyPaths", linux.readonlyPaths());
    if (!linux.maskedPaths().isEmpty()) {
      requireNamespace(linux, LinuxNamespace.MOUNT, problems.at("maskedPaths"));
    }
    if (!linux.readonlyPaths().isEmpty()) {
      requireNamespace(linux, LinuxNamespace.MOUNT, problems.at("readonlyPaths"));
    }
    if (linux.intelRdt() != null) {
      intelRdt(linux.intelRdt(), problems.at("intelRdt"));
    }
    if (linux.memoryPolicy() != null) {
      Problems at = problems.at("memoryPolicy");
      at.requireKnown("mode", linux.memoryPolicy().mode(), MEMORY_MODES);
      at.requireRanges("nodes", linux.memoryPolicy().nodes());
      at.requireKnown("flags", linux.memoryPolicy().flags(), MEMORY_FLAGS);
    }
    if (linux.personality() != null) {
      problems.at("personality").requireKnown("domain", linux.personality().domain(), DOMAINS);
    }
  }

  private static void namespaces(List<LinuxNamespace> namespaces, Problems problems) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < namespaces.size(); i++) {
      LinuxNamespace namespace = namespaces.get(i);
      Problems at = problems.at(i);
      at.requireKnown("type", namespace.type(), NAMESPACES);
      if (!seen.add(namespace.type())) {
        at.add("type", namespace.type() + " occurs twice");
      }
      if (!namespace.path().isEmpty()) {
        at.requireAbsolute("path", namespace.path());
      }
    }
  }

  private static void userNamespace(Linux linux, Problems problems) {
    LinuxNamespace user = linux.namespace(LinuxNamespace.USER);
    boolean mapped = !linux.uidMappings().isEmpty() || !linux.gidMappings().isEmpty();
    if (user == null && mapped) {
      requireNamespace(linux, LinuxNamespace.USER, problems.at(linux.uidMappings().isEmpty() ? "gidMappings" : "uidMappings"));
    } else if (user != null && user.path().isEmpty()) {
      if (linux.uidMappings().isEmpty()) {
        problems.add("uidMappings", "is missing: a new user namespace needs it");
      }
      if (linux.gidMappings().isEmpty()) {
        problems.add("gidMappings", "is missing: a new user namespace needs it");
      }
    }
    mappings(linux.uidMappings(), problems.at("uidMappings"));
    mappings(linux.gidMappings(), problems.at("gidMappings"));
  }

  /// Checks that ranges are not empty, end within 32 bits, and do not overlap on either side (user_namespaces(7)).
  static void mappings(List<IdMapping> mappings, Problems problems) {
    for (int i = 0; i < mappings.size(); i++) {
      IdMapping mapping = mappings.get(i);
      Problems at = problems.at(i);
      if (mapping.size() == 0) {
        at.add("size", "0 maps nothing");
      } else if (Math.max(mapping.containerId(), mapping.hostId()) + mapping.size() > 0xFFFF_FFFFL) {
        at.add("size", mapping.size() + " ids end beyond 4294967294");
      }
      for (IdMapping before : mappings.subList(0, i)) {
        if (overlap(before.containerId(), before.size(), mapping.containerId(), mapping.size())) {
          at.add("containerID", "the range overlaps another one");
        }
        if (overlap(before.hostId(), before.size(), mapping.hostId(), mapping.size())) {
          at.add("hostID", "the range overlaps another one");
        }
      }
    }
  }

  private static boolean overlap(long a, long sizeOfA, long b, long sizeOfB) {
    return a < b + sizeOfB && b < a + sizeOfA;
  }

  private static void requireNamespace(Linux linux, String type, Problems problems) {
    if (linux.namespace(type) == null) {
      problems.add("needs a " + type + " namespace");
    }
  }

  /// A parameter outside of the container's namespaces would be the host's; runtimes refuse it.
  private static void sysctl(String parameter, Linux linux, Problems problems) {
    String name = parameter.replace('/', '.');
    if (name.startsWith("net.")) {
      requireNamespace(linux, LinuxNamespace.NETWORK, problems);
    } else if (name.startsWith("user.")) {
      requireNamespace(linux, LinuxNamespace.USER, problems);
    } else if (name.equals("kernel.domainname")) {
      requireNamespace(linux, LinuxNamespace.UTS, problems);
    } else if (name.equals("kernel.hostname")) {
      problems.add("is set by hostname");
    } else {
      for (String prefix : IPC_PARAMETERS) {
        if (name.startsWith(prefix)) {
          requireNamespace(linux, LinuxNamespace.IPC, problems);
          return;
        }
      }
      problems.add("belongs to no namespace: it would change the host's");
    }
  }

  private static void devices(List<LinuxDevice> devices, Problems problems) {
    for (int i = 0; i < devices.size(); i++) {
      LinuxDevice device = devices.get(i);
      Problems at = problems.at(i);
      at.requireAbsolute("path", device.path());
      at.requireKnown("type", device.type(), DEVICE_TYPES);
      if (!device.type().equals("p")) {
        if (device.major() == null) {
          at.add("major", "is missing");
        }
        if (device.minor() == null) {
          at.add("minor", "is missing");
        }
      }
    }
  }

  private static void netDevices(Linux linux, Problems problems) {
    if (linux.netDevices().isEmpty()) {
      return;
    }
    requireNamespace(linux, LinuxNamespace.NETWORK, problems);
    for (Map.Entry<String, LinuxNetDevice> device : linux.netDevices().entrySet()) {
      Problems at = problems.at(device.getKey());
      interfaceName(device.getKey(), at);
      if (!device.getValue().name().isEmpty()) {
        interfaceName(device.getValue().name(), at.at("name"));
      }
    }
  }

  /// As the kernel's `dev_valid_name` has it.
  private static void interfaceName(String name, Problems problems) {
    boolean valid = !name.isEmpty() && name.length() <= MAX_INTERFACE_NAME && !name.equals(".") && !name.equals("..");
    for (int i = 0; valid && i < name.length(); i++) {
      char c = name.charAt(i);
      valid = c > ' ' && c != '/' && c != ':';
    }
    if (!valid) {
      problems.add("\"" + name + "\" is not a name of a network device");
    }
  }

  private static void intelRdt(IntelRdt rdt, Problems problems) {
    if (rdt.closId().contains("/") || rdt.closId().equals(".") || rdt.closId().equals("..")) {
      problems.add("closID", "\"" + rdt.closId() + "\" is not the name of a directory");
    }
    if (!rdt.memBwSchema().isEmpty() && (!rdt.memBwSchema().startsWith("MB:") || rdt.memBwSchema().contains("\n"))) {
      problems.add("memBwSchema", "is not one line that starts with MB:");
    }
  }
}
