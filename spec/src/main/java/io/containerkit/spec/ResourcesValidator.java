package io.containerkit.spec;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks the limits of a cgroup (config-linux.md, Control groups). As in the runtimes, -1 says "no limit" and 0 "not set".
final class ResourcesValidator {

  private static final Set<String> DEVICE_TYPES = Set.of("", "a", "b", "c");

  private ResourcesValidator() {}

  static void validate(LinuxResources resources, Problems problems) {
    devices(resources.devices(), problems.at("devices"));
    if (resources.memory() != null) {
      memory(resources.memory(), problems.at("memory"));
    }
    if (resources.cpu() != null) {
      cpu(resources.cpu(), problems.at("cpu"));
    }
    if (resources.pids() != null) {
      limit("limit", resources.pids().limit(), problems.at("pids"));
    }
    if (resources.blockIo() != null) {
      blockIo(resources.blockIo(), problems.at("blockIO"));
    }
    hugepages(resources.hugepageLimits(), problems.at("hugepageLimits"));
    for (String file : resources.unified().keySet()) {
      if (file.indexOf('.') < 1 || file.indexOf('/') >= 0) {
        problems.at("unified").add(file, "is not the name of a file of a cgroup, such as memory.high");
      }
    }
  }

  private static void devices(List<LinuxDeviceCgroup> rules, Problems problems) {
    for (int i = 0; i < rules.size(); i++) {
      LinuxDeviceCgroup rule = rules.get(i);
      Problems at = problems.at(i);
      if (!DEVICE_TYPES.contains(rule.type())) {
        at.add("type", "\"" + rule.type() + "\" is not one of a, b, c");
      }
      limit("major", rule.major(), at);
      limit("minor", rule.minor(), at);
      for (char c : rule.access().toCharArray()) {
        if ("rwm".indexOf(c) < 0) {
          at.add("access", "\"" + rule.access() + "\" is not made of r, w, m");
          break;
        }
      }
    }
  }

  private static void memory(LinuxMemory memory, Problems problems) {
    limit("limit", memory.limit(), problems);
    limit("reservation", memory.reservation(), problems);
    limit("swap", memory.swap(), problems);
    limit("kernel", memory.kernel(), problems);
    limit("kernelTCP", memory.kernelTcp(), problems);
    long limit = memory.limit() == null ? 0 : memory.limit();
    if (limit > 0 && memory.swap() != null && memory.swap() > 0 && memory.swap() < limit) {
      problems.add("swap", memory.swap() + " is below limit, " + limit + ": it counts memory and swap together");
    }
    if (memory.swappiness() != null && Long.compareUnsigned(memory.swappiness(), 100) > 0) {
      problems.add("swappiness", Long.toUnsignedString(memory.swappiness()) + " is not within 0 and 100");
    }
  }

  private static void cpu(LinuxCpu cpu, Problems problems) {
    limit("quota", cpu.quota(), problems);
    limit("realtimeRuntime", cpu.realtimeRuntime(), problems);
    // The kernel's bounds: a period of 1 ms to 1 s, a quota of at least 1 ms (kernel/sched/core.c).
    if (cpu.quota() != null && cpu.quota() > 0 && cpu.quota() < 1_000) {
      problems.add("quota", cpu.quota() + " is below 1000 microseconds");
    }
    if (cpu.period() != null && cpu.period() != 0 && (cpu.period() < 1_000 || cpu.period() > 1_000_000)) {
      problems.add("period", Long.toUnsignedString(cpu.period()) + " is not within 1000 and 1000000 microseconds");
    }
    if (cpu.burst() != null && cpu.burst() != 0 && cpu.quota() != null && cpu.quota() > 0
        && Long.compareUnsigned(cpu.burst(), cpu.quota()) > 0) {
      problems.add("burst", Long.toUnsignedString(cpu.burst()) + " is above quota, " + cpu.quota());
    }
    if (cpu.idle() != null && cpu.idle() != 0 && cpu.idle() != 1) {
      problems.add("idle", cpu.idle() + " is neither 0 nor 1");
    }
    problems.requireRanges("cpus", cpu.cpus());
    problems.requireRanges("mems", cpu.mems());
  }

  private static void blockIo(LinuxBlockIo io, Problems problems) {
    weight("weight", io.weight(), problems);
    weight("leafWeight", io.leafWeight(), problems);
    for (int i = 0; i < io.weightDevice().size(); i++) {
      Problems at = problems.at("weightDevice").at(i);
      weight("weight", io.weightDevice().get(i).weight(), at);
      weight("leafWeight", io.weightDevice().get(i).leafWeight(), at);
    }
  }

  private static void hugepages(List<LinuxHugepageLimit> limits, Problems problems) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < limits.size(); i++) {
      String size = limits.get(i).pageSize();
      if (!isPageSize(size)) {
        problems.at(i).add("pageSize", "\"" + size + "\" is not a size such as 64KB, 2MB, 1GB");
      } else if (!seen.add(size)) {
        problems.at(i).add("pageSize", size + " is limited twice");
      }
    }
  }

  private static boolean isPageSize(String size) {
    int digits = size.length() - 2;
    if (digits < 1 || size.charAt(0) == '0' || "KMG".indexOf(size.charAt(digits)) < 0 || !size.endsWith("B")) {
      return false;
    }
    for (int i = 0; i < digits; i++) {
      if (size.charAt(i) < '0' || size.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static void limit(String member, @Nullable Long value, Problems problems) {
    if (value != null && value < -1) {
      problems.add(member, value + " is below -1, which says \"all\" or \"no limit\"");
    }
  }

  private static void weight(String member, @Nullable Integer weight, Problems problems) {
    if (weight != null && weight != 0 && (weight < 10 || weight > 1000)) {
      problems.add(member, weight + " is not within 10 and 1000");
    }
  }
}
