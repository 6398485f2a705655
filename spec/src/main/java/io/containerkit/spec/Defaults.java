package io.containerkit.spec;

import java.util.List;

/// The configuration that a container gets unless its user says otherwise, as the common engines have it.
final class Defaults {

  private static final List<String> CAPABILITIES =
      List.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_FSETID",
          "CAP_FOWNER",
          "CAP_MKNOD",
          "CAP_NET_RAW",
          "CAP_SETGID",
          "CAP_SETUID",
          "CAP_SETFCAP",
          "CAP_SETPCAP",
          "CAP_NET_BIND_SERVICE",
          "CAP_SYS_CHROOT",
          "CAP_KILL",
          "CAP_AUDIT_WRITE");

  private static final List<String> MASKED_PATHS =
      List.of(
          "/proc/acpi",
          "/proc/asound",
          "/proc/interrupts",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/sys/firmware",
          "/sys/devices/virtual/powercap");

  private static final List<String> READONLY_PATHS =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private Defaults() {}

  static Spec spec() {
    return Spec.builder(Spec.VERSION)
        .process(process())
        .root(Root.of("rootfs", false))
        .mounts(mounts())
        .linux(linux())
        .build();
  }

  private static ProcessSpec process() {
    return ProcessSpec.command("sh")
        .env("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
        .capabilities(Capabilities.of(CAPABILITIES))
        .build();
  }

  private static List<Mount> mounts() {
    return List.of(
        Mount.of("/proc", "proc", "proc", "nosuid", "noexec", "nodev"),
        Mount.of("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
        Mount.of("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"),
        Mount.of("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"),
        Mount.of("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"),
        Mount.of("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"),
        Mount.of("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro"));
  }

  private static Linux linux() {
    return Linux.builder()
        .namespaces(
            List.of(
                LinuxNamespace.of(LinuxNamespace.PID),
                LinuxNamespace.of(LinuxNamespace.IPC),
                LinuxNamespace.of(LinuxNamespace.UTS),
                LinuxNamespace.of(LinuxNamespace.MOUNT),
                LinuxNamespace.of(LinuxNamespace.NETWORK),
                LinuxNamespace.of(LinuxNamespace.CGROUP)))
        // Runtimes allow the devices that every container has (null, zero, random, tty …) by themselves.
        .resources(LinuxResources.builder().devices(List.of(LinuxDeviceCgroup.all(false, "rwm"))).build())
        .maskedPaths(MASKED_PATHS)
        .readonlyPaths(READONLY_PATHS)
        .build();
  }
}
