package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.containerkit.linux.Fd;
import io.containerkit.linux.Terminal;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// The words that options become, and the dialects that take them.
class OptionsTest {

  private static final Dialect RUNC = Dialect.of("runc version 1.1.5+ds1\ncommit: 1.1.5+ds1-1+deb12u1\nspec: 1.0.2-dev\n");
  private static final Dialect CRUN = Dialect.of("crun version 1.8.1\ncommit: f8a0\n+SYSTEMD +SELINUX +CAP +YAJL\n");
  private static final Dialect RUNSC = Dialect.of("runsc version 0.0~20221219.0\nspec: 1.0.2-dev\n");

  private static void assertUnsupported(ThrowingCallable call, String option) {
    assertThatExceptionOfType(CommandException.class)
        .isThrownBy(call)
        .withMessageContaining(option)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED));
  }

  @Test
  void dialectsAreToldByWhatTheBinaryPrints() {
    assertThat(RUNC.toString()).isEqualTo("runc 1.1.5+ds1");
    assertThat(CRUN.toString()).isEqualTo("crun 1.8.1");
    assertThat(RUNSC.toString()).isEqualTo("runsc 0.0~20221219.0");
    assertThat(Dialect.of("youki version: 0.5.0\ncommit: abc").toString()).isEqualTo("youki 0.5.0");
    assertThat(Dialect.of("something else").name()).isEqualTo("unknown");
    assertThat(Dialect.of("something else").has("create", "pid-file")).isTrue();
    assertThat(Dialect.of("something else").has("create", "pidfd-socket")).isFalse();
  }

  @Test
  void versionsOpenOptions() {
    assertThat(RUNC.has("create", "pidfd-socket")).isFalse();
    assertThat(Dialect.of("runc version 1.2.0").has("create", "pidfd-socket")).isTrue();
    assertThat(Dialect.of("runc version 1.10.0").has("create", "pidfd-socket")).isTrue();
    assertThat(CRUN.has("features")).isFalse();
    assertThat(Dialect.of("crun version 1.8.6").has("features")).isTrue();
    assertThat(CRUN.has("checkpoint")).isFalse();
    assertThat(Dialect.of("crun version 1.8.1\n+CRIU +YAJL").has("checkpoint")).isTrue();
    assertThat(CRUN.has("events")).isFalse();
    assertThat(RUNSC.has("update")).isFalse();
    assertThat(RUNSC.has("run", "pass-fd")).isFalse();
    assertThat(Dialect.of("runsc version release-20230710.0").has("run", "pass-fd")).isTrue();
  }

  @Test
  void aRunInTheForegroundHasNoTerminal() {
    RunOptions.Builder terminal = RunOptions.builder().stdio(Stdio.terminal(new Terminal.Size(80, 24)));
    assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(terminal::build).withMessageContaining("detach it, or create");
    assertThat(terminal.detach(true).build().args(RUNC)).contains("--detach");
  }

  @Test
  void optionsBeforeTheCommandAreThoseOfTheDialect() {
    assertThat(RUNC.globals()).contains("systemd-cgroup", "rootless", "criu");
    assertThat(CRUN.globals()).containsExactlyInAnyOrder("systemd-cgroup", "rootless");
    assertThat(RUNSC.globals()).doesNotContain("criu");
    assertThat(Args.global(RUNC, "criu")).isEqualTo("--criu");
    assertUnsupported(() -> Args.global(CRUN, "criu"), "crun 1.8.1 cannot be called like this: it has no option --criu");
  }

  @Test
  void createHasItsOptions() {
    CreateOptions options =
        CreateOptions.builder()
            .noPivot(true)
            .noNewKeyring(true)
            .descriptors(List.of(Fd.borrow(0), Fd.borrow(1)))
            .extraArgs("--more", "x")
            .build();
    assertThat(options.args(RUNC)).containsExactly("--no-pivot", "--no-new-keyring", "--preserve-fds", "2", "--more", "x");
    assertThat(CreateOptions.defaults().args(RUNSC)).isEmpty();
    assertUnsupported(() -> options.args(RUNSC), "--no-pivot");
  }

  @Test
  void descriptorsArePassedInTheRuntimesWay() {
    RunOptions options = RunOptions.builder().detach(true).descriptors(List.of(Fd.borrow(0))).build();
    assertThat(options.args(CRUN)).containsExactly("--detach", "--preserve-fds", "1");
    assertThat(options.args(Dialect.of("runsc version release-20230710.0"))).containsExactly("--detach", "--pass-fd", "3:3");
    assertUnsupported(() -> options.args(RUNSC), "--preserve-fds");
  }

  @Test
  void execHasItsOptions() {
    ExecOptions options = ExecOptions.builder().cgroup("sub").ignorePaused(true).build();
    assertThat(options.args(RUNC)).containsExactly("--cgroup", "sub", "--ignore-paused");
    assertUnsupported(() -> options.args(CRUN), "--ignore-paused");
    assertThat(ExecOptions.builder().detach(true).build().args(CRUN)).containsExactly("--detach");
    // A console socket is legal only for what is detached.
    assertThat(ExecOptions.builder().stdio(Stdio.terminal(new Terminal.Size(80, 25))).build().args(RUNC)).containsExactly("--detach");
    ExecCommand command =
        ExecCommand.builder("ls", "-l")
            .env("A=1", "B=2")
            .cwd("/tmp")
            .user("1:2")
            .additionalGids(List.of(7L, 4294967295L))
            .capabilities("CAP_KILL")
            .noNewPrivileges(true)
            .apparmorProfile("p")
            .processLabel("l")
            .build();
    assertThat(command.options(RUNC))
        .containsExactly(
            "--env", "A=1", "--env", "B=2", "--cwd", "/tmp", "--user", "1:2", "--additional-gids", "7", "--additional-gids",
            "4294967295", "--cap", "CAP_KILL", "--no-new-privs", "--apparmor", "p", "--process-label", "l");
  }

  @Test
  void checkpointAndRestoreHaveTheirOptions() {
    CheckpointOptions checkpoint =
        CheckpointOptions.builder(Path.of("/i"))
            .workPath(Path.of("/w"))
            .parentPath(Path.of("../p"))
            .leaveRunning(true)
            .tcpEstablished(true)
            .externalUnixSockets(true)
            .shellJob(true)
            .fileLocks(true)
            .preDump(true)
            .autoDedup(true)
            .lazyPages(true)
            .statusDescriptor(Fd.borrow(1))
            .pageServer("h:1")
            .cgroupsMode(CgroupsMode.SOFT)
            .emptyNamespaces("network")
            .build();
    assertThat(String.join(" ", checkpoint.args(RUNC)))
        .isEqualTo(
            "--image-path /i --work-path /w --parent-path ../p --leave-running --tcp-established --ext-unix-sk --shell-job"
                + " --file-locks --pre-dump --auto-dedup --lazy-pages --status-fd 3 --page-server h:1 --manage-cgroups-mode soft"
                + " --empty-ns network");
    assertUnsupported(() -> checkpoint.args(CRUN), "no such command");
    RestoreOptions restore =
        RestoreOptions.builder(Path.of("/i"))
            .workPath(Path.of("/w"))
            .tcpEstablished(true)
            .externalUnixSockets(true)
            .shellJob(true)
            .fileLocks(true)
            .autoDedup(true)
            .lazyPages(true)
            .noPivot(true)
            .noSubreaper(true)
            .cgroupsMode(CgroupsMode.FULL)
            .emptyNamespaces("network")
            .lsmProfile("apparmor:p")
            .lsmMountContext("c")
            .build();
    assertThat(String.join(" ", restore.args(RUNC)))
        .isEqualTo(
            "--detach --image-path /i --work-path /w --tcp-established --ext-unix-sk --shell-job --file-locks --auto-dedup"
                + " --lazy-pages --no-pivot --no-subreaper --manage-cgroups-mode full --empty-ns network --lsm-profile apparmor:p"
                + " --lsm-mount-context c");
  }

  @Test
  void theEnvironmentLosesWhatBelongsToThisProcess() {
    Map<String, String> all =
        Map.of("PATH", "/bin", "XDG_RUNTIME_DIR", "/run/user/0", "NOTIFY_SOCKET", "/n", "LISTEN_FDS", "3", "LISTEN_PID", "1",
            "LISTEN_FDNAMES", "x", "_LIBCONTAINER_INITPIPE", "3", "WATCHDOG_USEC", "1");
    assertThat(Environment.scrubbed(all)).containsOnlyKeys("PATH", "XDG_RUNTIME_DIR");
  }
}
