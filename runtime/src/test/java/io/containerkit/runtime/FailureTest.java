package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.linux.ExitStatus;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.LogEntry;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What real runtimes wrote, and what it means.
class FailureTest {

  private static CommandException failure(List<LogEntry> log, String stderr) {
    return Failure.of("runc create \"web\"", List.of("runc", "create", "web"), new ExitStatus.Exited(1), log, stderr);
  }

  private static LogEntry error(String message) {
    return new LogEntry("error", message, Optional.empty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          NOT_FOUND            | container does not exist
          NOT_FOUND            | error opening file `/run/crun/web/status`: No such file or directory
          NOT_FOUND            | cannot open directory '/run/crun/web': No such file or directory
          NOT_FOUND            | loading container "web": file does not exist
          NOT_FOUND            | loading sandbox: file does not exist
          ALREADY_EXISTS       | runc create failed: container with given ID already exists
          ALREADY_EXISTS       | container `web` already exists
          ALREADY_EXISTS       | creating container: cannot lock container metadata file: container already exists
          INVALID_ID           | runc create failed: invalid container ID format
          INVALID_ID           | creating container: invalid container id: a/../x
          PAUSED               | exec failed: cannot exec in a paused container (use --ignore-paused to override)
          PAUSED               | the container `web` is paused
          PAUSED               | executing processes for container: cannot execute in container "web" in state paused
          PAUSED               | cannot delete container web that is not stopped: paused
          RUNNING              | cannot delete container web that is not stopped: running
          RUNNING              | the container `web` is not in `created` or `stopped` state
          RUNNING              | cannot delete container that is not stopped without --force flag
          RUNNING              | cannot start an already running container
          RUNNING              | starting container: cannot start container "web" in state running
          RUNNING              | cannot open `/run/crun/web/exec.fifo`: No such file or directory
          NOT_RUNNING          | container not running
          NOT_RUNNING          | exec failed: cannot exec in a stopped container
          NOT_RUNNING          | cannot start a container that has stopped
          NOT_RUNNING          | setns(pid=13295, CLONE_NEWUSER): No such process
          NOT_RUNNING          | getting processes for container: cannot get processes of container "web" in state created
          NOT_RUNNING          | connecting to control server at PID 582: connection refused
          ALREADY_FINISHED     | unable to signal init: os: process already finished
          NO_SUCH_PROCESS      | send signal to pidfd: No such process
          INVALID_ARGUMENT     | unable to signal init: invalid argument
          INVALID_ARGUMENT     | send signal to pidfd: Invalid argument
          INVALID_ARGUMENT     | unknown signal "77"
          EXECUTABLE_NOT_FOUND | unable to start container process: exec: "/bin/nope": stat /bin/nope: no such file or directory
          EXECUTABLE_NOT_FOUND | exec failed: unable to start container process: exec: "nope": executable file not found in $PATH
          EXECUTABLE_NOT_FOUND | executable file `/bin/nope` not found in $PATH: No such file or directory
          EXECUTABLE_NOT_FOUND | creating process: failed to load /bin/nope: no such file or directory
          EXECUTABLE_NOT_FOUND | starting sandbox: error finding executable "nope" in PATH [/usr/bin /bin]: no such file or directory
          PERMISSION_DENIED    | exec failed: unable to start container process: exec: "/proc/version": permission denied
          PERMISSION_DENIED    | open executable: Permission denied
          PERMISSION_DENIED    | open executable: Operation not permitted
          PERMISSION_DENIED    | exec failed: unable to start container process: exec: "/etc": is a directory
          UNSUPPORTED          | CRIU version check failed: exec: "criu": executable file not found in $PATH
          PERMISSION_DENIED    | executing command "/proc/version" in sandbox: failed to load /proc/version: permission denied
          INVALID_CONFIG       | runc create failed: invalid rootfs: stat /b/rootfsx: no such file or directory
          INVALID_CONFIG       | invalid character 'o' looking for beginning of object key string
          INVALID_CONFIG       | error loading config.json
          INVALID_CONFIG       | invalid rlimit `RLIMIT_BOGUS`
          INVALID_CONFIG       | make `rootfsx` private: No such file or directory
          INVALID_CONFIG       | chdir to cwd ("/nope") set in config.json failed: no such file or directory
          INVALID_CONFIG       | creating limits: unknown resource "RLIMIT_BOGUS"
          UNSUPPORTED          | setrlimit `RLIMIT_NOFILE`: Operation not permitted
          UNSUPPORTED          | unable to start container process: can't get final child's PID from pipe: EOF
          UNSUPPORTED          | cgroups in hybrid mode not supported
          UNSUPPORTED          | flag provided but not defined: -q
          NO_SPACE             | mkdir /run/runc/web: no space left on device
          BUSY                 | unable to remove /sys/fs/cgroup/web: device or resource busy
          INVALID_ARGUMENT     | writing file `cpuset.cpus`: Numerical result out of range
          UNSUPPORTED          | opening file `blkio.weight` for writing: No such file or directory
          INTERNAL             | open /dev/x: no such file or directory
          """)
  void aTextHasAKind(ErrorKind kind, String text) {
    assertThat(failure(List.of(error(text)), "").kind()).isEqualTo(kind);
  }

  @Test
  void theLastErrorIsTheCauseAndThoseBeforeItExplainIt() {
    CommandException failure =
        failure(
            List.of(
                new LogEntry("warning", "unable to do something of no interest", Optional.empty()),
                error("creating limits: unknown resource \"RLIMIT_BOGUS\""),
                error("cannot read client sync file: waiting for sandbox to start: EOF")),
            "noise");
    assertThat(failure.kind()).isEqualTo(ErrorKind.INVALID_CONFIG);
    assertThat(failure)
        .hasMessage(
            "runc create \"web\": cannot read client sync file: waiting for sandbox to start: EOF;"
                + " before that: creating limits: unknown resource \"RLIMIT_BOGUS\" (exit 1)");
  }

  @Test
  void aCommandIsNamedOnce() {
    CommandException failure = failure(List.of(error("runc create failed: unable to start container process: x")), "");
    assertThat(failure).hasMessage("runc create \"web\": unable to start container process: x (exit 1)");
  }

  @Test
  void withoutALogStandardErrorTells() {
    CommandException failure = failure(List.of(), "panic: index out of range\n\ngoroutine 1 [running]:");
    assertThat(failure).hasMessage("runc create \"web\": panic: index out of range (exit 1)");
    assertThat(failure.kind()).isEqualTo(ErrorKind.INTERNAL);
  }

  @Test
  void anObscureTextGetsAHint() {
    assertThat(failure(List.of(error("can't get final child's PID from pipe: EOF")), "")).hasMessageContaining("CAP_SYS_RESOURCE");
  }

  @Test
  void aRuntimeThatDiesWithoutAWordSaysSo() {
    assertThat(failure(List.of(), "")).hasMessage("runc create \"web\": it failed without a word (exit 1)");
  }
}
