package io.containerkit.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeccompDefaultsTest {

  private static final List<String> DOCKERS = List.of("CAP_CHOWN", "CAP_SYS_CHROOT");

  @Test
  void theFilterFollowsTheSchemaAndIsInOrder() {
    Spec spec = Spec.defaults();
    Linux linux = Linux.builder().seccomp(Seccomp.defaults(DOCKERS)).build();
    OfficialSchema.config().accepts(spec.toBuilder().linux(linux).build());
    assertThat(spec.toBuilder().linux(linux).build().validate()).isEmpty();
  }

  @Test
  void whatReachesBeyondAContainerIsNotAllowed() {
    assertThat(allowed(Seccomp.defaults(DOCKERS)))
        .contains("read", "execve", "ptrace", "chroot", "rseq", "statx", "futex_waitv")
        .doesNotContain(
            "", "mount", "unshare", "setns", "bpf", "keyctl", "add_key", "userfaultfd", "perf_event_open", "io_uring_setup",
            "kexec_load", "init_module", "open_by_handle_at", "pivot_root", "reboot", "clock_settime", "clone", "clone3",
            "socket", "socketcall", "personality");
  }

  @Test
  void aCallIsAllowedByOneRuleOnly() {
    List<String> names = allowed(Seccomp.defaults(List.of("CAP_SYS_CHROOT", "CAP_SYS_MODULE", "CAP_SYS_TIME")));
    assertThat(new HashSet<>(names)).hasSameSizeAs(names);
  }

  @Test
  void aCapabilityOpensItsCalls() {
    assertThat(allowed(Seccomp.defaults(List.of("CAP_SYS_ADMIN")))).contains("mount", "unshare", "clone", "clone3").doesNotContain("chroot");
    assertThat(allowed(Seccomp.defaults(List.of("CAP_SYS_TIME")))).contains("clock_settime").doesNotContain("mount");
    assertThat(allowed(Seccomp.defaults(List.of()))).doesNotContain("chroot");
  }

  @Test
  void namespacesAreRefusedByTheFlagsOfClone() {
    assertThat(Seccomp.defaults(DOCKERS).syscalls())
        .contains(
            new SeccompSyscall(
                List.of("clone"), Seccomp.ALLOW, null, List.of(SeccompArg.masked(0, 0x7E020000L, 0)), JsonObject.EMPTY),
            new SeccompSyscall(List.of("clone3"), Seccomp.ERRNO, 38L, List.of(), JsonObject.EMPTY));
  }

  private static List<String> allowed(Seccomp filter) {
    List<String> names = new ArrayList<>();
    for (SeccompSyscall rule : filter.syscalls()) {
      if (rule.action().equals(Seccomp.ALLOW) && rule.args().isEmpty()) {
        names.addAll(rule.names());
      }
    }
    return names;
  }
}
