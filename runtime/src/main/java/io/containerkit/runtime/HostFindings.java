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

/// Looks at what of the host decides which containers it can run.
final class HostFindings {

  /// Without these nothing of this library works.
  private static final Set<KernelFeature> NEEDED =
      EnumSet.of(KernelFeature.PIDFD, KernelFeature.CLOSE_RANGE, KernelFeature.NEW_MOUNT_API);

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
