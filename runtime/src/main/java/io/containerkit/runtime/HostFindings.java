package io.containerkit.runtime;

import io.containerkit.linux.KernelFeature;
import io.containerkit.runtime.Finding.Grade;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// Looks at what of the host decides which containers it can run.
final class HostFindings {

  /// Without these nothing of this library works.
  private static final Set<KernelFeature> NEEDED =
      EnumSet.of(KernelFeature.PIDFD, KernelFeature.CLOSE_RANGE, KernelFeature.NEW_MOUNT_API);

  private static final Set<String> CONTROLLERS =
      Set.of("blkio", "cpu", "cpuacct", "cpuset", "devices", "freezer", "hugetlb", "io", "memory", "pids", "rdma");
  private static final Set<String> NEEDED_CONTROLLERS = Set.of("cpu", "memory", "pids");

  // linux/capability.h
  private static final int CAP_SYS_ADMIN = 21;
  private static final int CAP_SYS_RESOURCE = 24;

  /// A supervised container takes up to five: a pidfd, three pipes, a terminal. This leaves room for ten thousand.
  private static final long ENOUGH_DESCRIPTORS = 65_536;

  private HostFindings() {}

  static List<Finding> all() throws IOException, InterruptedException {
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.good("kernel", "Linux " + text("/proc/sys/kernel/osrelease") + " on " + System.getProperty("os.arch")));
    for (KernelFeature feature : KernelFeature.values()) {
      findings.add(feature(feature));
    }
    String mounts = text("/proc/self/mountinfo");
    List<Path> unified = mountPoints(mounts, "cgroup2");
    Path controllers = unified.isEmpty() ? null : unified.getFirst().resolve("cgroup.controllers");
    findings.add(cgroups(mounts, controllers == null ? "" : text(controllers.toString())));
    String status = text("/proc/self/status");
    findings.add(administration(status));
    findings.add(resources(status));
    findings.add(descriptors(text("/proc/self/limits")));
    return findings;
  }

  private static Finding feature(KernelFeature feature) throws InterruptedException {
    String subject = feature.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return feature
        .missing()
        .map(
            why ->
                new Finding(
                    subject,
                    NEEDED.contains(feature) ? Grade.BAD : Grade.LIMITED,
                    why,
                    "needed " + feature.purpose() + "; Linux " + feature.since() + " and later have it"))
        .orElseGet(() -> Finding.good(subject, "available"));
  }

  /// Reads which versions are mounted, and the controllers of each: of v1 from the options of its mounts, of v2 from a file.
  static Finding cgroups(String mountinfo, String unifiedControllers) {
    boolean v2 = !mountPoints(mountinfo, "cgroup2").isEmpty();
    Set<String> controllers = new TreeSet<>(List.of(unifiedControllers.strip().split(" +", -1)));
    boolean v1 = false;
    for (String line : mountinfo.lines().filter(line -> line.contains(" - cgroup ")).toList()) {
      v1 = true;
      controllers.addAll(List.of(line.substring(line.lastIndexOf(' ') + 1).split(",", -1)));
    }
    controllers.retainAll(CONTROLLERS);
    if (!v1 && !v2) {
      return new Finding("cgroups", Grade.BAD, "not mounted", "`mount -t cgroup2 none /sys/fs/cgroup` mounts them");
    }
    String found = (v1 && v2 ? "hybrid (v1 and v2)" : v1 ? "v1" : "v2") + ": " + String.join(" ", controllers);
    Set<String> missing = new TreeSet<>(NEEDED_CONTROLLERS);
    missing.removeAll(controllers);
    return missing.isEmpty()
        ? Finding.good("cgroups", found)
        : new Finding(
            "cgroups",
            Grade.LIMITED,
            found,
            "no controller for " + String.join(" ", missing) + ": containers have no such limits and statistics here");
  }

  private static List<Path> mountPoints(String mountinfo, String type) {
    return mountinfo.lines().filter(line -> line.contains(" - " + type + " ")).map(line -> Path.of(line.split(" ", -1)[4])).toList();
  }

  static Finding administration(String status) {
    return hasCapability(status, CAP_SYS_ADMIN)
        ? Finding.good("privileges", "CAP_SYS_ADMIN")
        : new Finding(
            "privileges",
            Grade.BAD,
            "no CAP_SYS_ADMIN",
            "mounts and namespaces need it: run as root, and in a container only with --privileged");
  }

  static Finding resources(String status) {
    return hasCapability(status, CAP_SYS_RESOURCE)
        ? Finding.good("resource limits", "CAP_SYS_RESOURCE")
        : new Finding(
            "resource limits",
            Grade.LIMITED,
            "no CAP_SYS_RESOURCE",
            "a container cannot get an rlimit above the hard one of this process, nor an oom_score_adj below its own");
  }

  /// Reads the line `CapEff:` of `/proc/self/status`.
  private static boolean hasCapability(String status, int capability) {
    String bits =
        status
            .lines()
            .filter(line -> line.startsWith("CapEff:"))
            .findFirst()
            .map(line -> line.substring("CapEff:".length()).strip())
            .orElse("0");
    return (Long.parseUnsignedLong(bits, 16) >>> capability & 1) == 1;
  }

  /// Reads the line `Max open files` of `/proc/self/limits`: soft, hard, unit.
  static Finding descriptors(String limits) {
    String hard =
        limits
            .lines()
            .filter(line -> line.startsWith("Max open files"))
            .findFirst()
            .map(line -> line.substring("Max open files".length()).strip().split(" +", -1)[1])
            .orElse("unknown");
    String found = "at most " + hard + " open files";
    return hard.equals("unlimited") || (!hard.equals("unknown") && Long.parseLong(hard) >= ENOUGH_DESCRIPTORS)
        ? Finding.good("descriptors", found)
        : new Finding(
            "descriptors",
            Grade.LIMITED,
            found,
            "that is the most for this process with all containers that it supervises, and for each container: raise it with"
                + " `ulimit -Hn " + ENOUGH_DESCRIPTORS + "` or LimitNOFILE= of its unit");
  }

  private static String text(String file) throws IOException {
    return Files.readString(Path.of(file)).strip();
  }
}
