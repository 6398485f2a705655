package io.containerkit.spec;

import java.util.List;
import java.util.Set;

/// Checks a filter of system calls (config-linux.md, Seccomp).
final class SeccompValidator {

  private static final Set<String> ACTIONS =
      Set.of(
          "SCMP_ACT_KILL",
          "SCMP_ACT_KILL_PROCESS",
          "SCMP_ACT_KILL_THREAD",
          "SCMP_ACT_TRAP",
          "SCMP_ACT_ERRNO",
          "SCMP_ACT_TRACE",
          "SCMP_ACT_ALLOW",
          "SCMP_ACT_LOG",
          "SCMP_ACT_NOTIFY");
  private static final Set<String> OPERATORS =
      Set.of(
          "SCMP_CMP_NE",
          "SCMP_CMP_LT",
          "SCMP_CMP_LE",
          "SCMP_CMP_EQ",
          "SCMP_CMP_GE",
          "SCMP_CMP_GT",
          "SCMP_CMP_MASKED_EQ");
  private static final Set<String> FLAGS =
      Set.of(
          "SECCOMP_FILTER_FLAG_TSYNC",
          "SECCOMP_FILTER_FLAG_LOG",
          "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
          "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV");

  private SeccompValidator() {}

  static void validate(Seccomp seccomp, Problems problems) {
    problems.requireKnown("defaultAction", seccomp.defaultAction(), ACTIONS);
    problems.requireKnown("flags", seccomp.flags(), FLAGS);
    for (int i = 0; i < seccomp.architectures().size(); i++) {
      if (!seccomp.architectures().get(i).startsWith("SCMP_ARCH_")) {
        problems.at("architectures").at(i).add(
            "\"" + seccomp.architectures().get(i) + "\" is not a name such as SCMP_ARCH_X86_64");
      }
    }
    boolean notifies = seccomp.defaultAction().equals(Seccomp.NOTIFY);
    if (notifies) {
      problems.add("defaultAction", "cannot be SCMP_ACT_NOTIFY: the agent's descriptor could not be sent");
    }
    for (int i = 0; i < seccomp.syscalls().size(); i++) {
      SeccompSyscall rule = seccomp.syscalls().get(i);
      rule(rule, problems.at("syscalls").at(i));
      notifies |= rule.action().equals(Seccomp.NOTIFY);
    }
    if (notifies) {
      problems.requireAbsolute("listenerPath", seccomp.listenerPath());
    }
    if (!seccomp.listenerMetadata().isEmpty() && seccomp.listenerPath().isEmpty()) {
      problems.add("listenerMetadata", "needs a listenerPath");
    }
  }

  private static void rule(SeccompSyscall rule, Problems problems) {
    if (rule.names().isEmpty()) {
      problems.add("names", "is missing");
    }
    problems.requireKnown("action", rule.action(), ACTIONS);
    if (rule.action().equals(Seccomp.NOTIFY) && rule.names().contains("write")) {
      problems.add("names", "write cannot be SCMP_ACT_NOTIFY: the runtime itself needs it to start the process");
    }
    if (rule.errnoRet() != null && !rule.action().equals(Seccomp.ERRNO) && !rule.action().equals("SCMP_ACT_TRACE")) {
      problems.add("errnoRet", "is for SCMP_ACT_ERRNO and SCMP_ACT_TRACE");
    }
    args(rule.args(), problems.at("args"));
  }

  private static void args(List<SeccompArg> args, Problems problems) {
    for (int i = 0; i < args.size(); i++) {
      SeccompArg arg = args.get(i);
      Problems at = problems.at(i);
      if (arg.index() > 5) {
        at.add("index", arg.index() + " is not within 0 and 5");
      }
      at.requireKnown("op", arg.op(), OPERATORS);
      if (arg.valueTwo() != null && arg.valueTwo() != 0 && !arg.op().equals("SCMP_CMP_MASKED_EQ")) {
        at.add("valueTwo", "is for SCMP_CMP_MASKED_EQ");
      }
    }
  }
}
