package io.containerkit.spec;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks a process (config.md, Process).
final class ProcessValidator {

  private static final Set<String> POLICIES =
      Set.of("SCHED_OTHER", "SCHED_FIFO", "SCHED_RR", "SCHED_BATCH", "SCHED_ISO", "SCHED_IDLE", "SCHED_DEADLINE");
  private static final Set<String> SCHEDULER_FLAGS =
      Set.of(
          "SCHED_FLAG_RESET_ON_FORK",
          "SCHED_FLAG_RECLAIM",
          "SCHED_FLAG_DL_OVERRUN",
          "SCHED_FLAG_KEEP_POLICY",
          "SCHED_FLAG_KEEP_PARAMS",
          "SCHED_FLAG_UTIL_CLAMP_MIN",
          "SCHED_FLAG_UTIL_CLAMP_MAX");
  private static final Set<String> IO_CLASSES = Set.of("IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE");

  private ProcessValidator() {}

  static void validate(ProcessSpec process, Problems problems) {
    if (process.args().isEmpty()) {
      problems.add("args", process.commandLine().isEmpty() ? "is missing: nothing to run" : "is missing: commandLine is for Windows");
    } else if (process.args().getFirst().isEmpty()) {
      problems.at("args").add("0", "is empty: nothing to run");
    }
    problems.requireAbsolute("cwd", process.cwd());
    problems.requireAssignments("env", process.env());
    if (process.user().umask() != null && process.user().umask() > 0777) {
      problems.at("user").add("umask", process.user().umask() + " is more than 511 (0777)");
    }
    if (process.capabilities() != null) {
      capabilities(process.capabilities(), problems.at("capabilities"));
    }
    rlimits(process.rlimits(), problems.at("rlimits"));
    if (process.oomScoreAdj() != null && (process.oomScoreAdj() < -1000 || process.oomScoreAdj() > 1000)) {
      problems.add("oomScoreAdj", process.oomScoreAdj() + " is not within -1000 and 1000");
    }
    if (process.scheduler() != null) {
      scheduler(process.scheduler(), problems.at("scheduler"));
    }
    if (process.ioPriority() != null) {
      ioPriority(process.ioPriority(), problems.at("ioPriority"));
    }
    if (process.execCpuAffinity() != null) {
      problems.at("execCPUAffinity").requireRanges("initial", process.execCpuAffinity().initial());
      problems.at("execCPUAffinity").requireRanges("final", process.execCpuAffinity().finalCpus());
    }
  }

  private static void capabilities(Capabilities sets, Problems problems) {
    names(sets.bounding(), problems.at("bounding"));
    names(sets.effective(), problems.at("effective"));
    names(sets.inheritable(), problems.at("inheritable"));
    names(sets.permitted(), problems.at("permitted"));
    names(sets.ambient(), problems.at("ambient"));
    // capset(2) refuses the first. An ambient set beyond the inheritable one is let pass: the kernel drops it, and the
    // templates of runc and crun say so.
    subset(sets.effective(), sets.permitted(), "permitted", problems.at("effective"));
    subset(sets.ambient(), sets.permitted(), "permitted", problems.at("ambient"));
  }

  private static void names(List<String> names, Problems problems) {
    for (int i = 0; i < names.size(); i++) {
      if (!isConstant(names.get(i), "CAP_")) {
        problems.at(i).add("\"" + names.get(i) + "\" is not a name such as CAP_KILL");
      }
    }
  }

  private static void subset(List<String> names, List<String> of, String set, Problems problems) {
    for (int i = 0; i < names.size(); i++) {
      if (!of.contains(names.get(i))) {
        problems.at(i).add(names.get(i) + " is not in " + set);
      }
    }
  }

  private static void rlimits(List<Rlimit> limits, Problems problems) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < limits.size(); i++) {
      Rlimit limit = limits.get(i);
      Problems at = problems.at(i);
      if (!isConstant(limit.type(), "RLIMIT_")) {
        at.add("type", "\"" + limit.type() + "\" is not a name such as RLIMIT_NOFILE");
      } else if (!seen.add(limit.type())) {
        at.add("type", limit.type() + " is limited twice");
      }
      if (Long.compareUnsigned(limit.soft(), limit.hard()) > 0) {
        at.add("soft", Long.toUnsignedString(limit.soft()) + " is above hard, " + Long.toUnsignedString(limit.hard()));
      }
    }
  }

  private static void scheduler(Scheduler scheduler, Problems problems) {
    problems.requireKnown("policy", scheduler.policy(), POLICIES);
    problems.requireKnown("flags", scheduler.flags(), SCHEDULER_FLAGS);
    if (scheduler.nice() != null && (scheduler.nice() < -20 || scheduler.nice() > 19)) {
      problems.add("nice", scheduler.nice() + " is not within -20 and 19");
    }
    boolean realtime = scheduler.policy().equals("SCHED_FIFO") || scheduler.policy().equals("SCHED_RR");
    int priority = scheduler.priority() == null ? 0 : scheduler.priority();
    if (realtime && (priority < 1 || priority > 99)) {
      problems.add("priority", priority + " is not within 1 and 99, as " + scheduler.policy() + " needs it");
    } else if (!realtime && priority != 0) {
      problems.add("priority", "is for SCHED_FIFO and SCHED_RR");
    }
    if (!scheduler.policy().equals("SCHED_DEADLINE")) {
      onlyDeadline("runtime", scheduler.runtime(), problems);
      onlyDeadline("deadline", scheduler.deadline(), problems);
      onlyDeadline("period", scheduler.period(), problems);
    }
  }

  private static void onlyDeadline(String member, @Nullable Long value, Problems problems) {
    if (value != null && value != 0) {
      problems.add(member, "is for SCHED_DEADLINE");
    }
  }

  private static void ioPriority(IoPriority priority, Problems problems) {
    problems.requireKnown("class", priority.ioClass(), IO_CLASSES);
    if (priority.priority() < 0 || priority.priority() > 7) {
      problems.add("priority", priority.priority() + " is not within 0 and 7");
    }
  }

  /// Whether the name is the prefix and then capital letters, digits and underscores.
  private static boolean isConstant(String name, String prefix) {
    if (!name.startsWith(prefix) || name.length() == prefix.length()) {
      return false;
    }
    for (int i = prefix.length(); i < name.length(); i++) {
      char c = name.charAt(i);
      if ((c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_') {
        return false;
      }
    }
    return true;
  }
}
