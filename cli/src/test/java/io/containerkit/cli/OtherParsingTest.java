package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.linux.Fd;
import io.containerkit.linux.Signal;
import io.containerkit.runtime.CgroupsMode;
import io.containerkit.runtime.Rootless;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How the commands other than `run` are read.
class OtherParsingTest {

  @Test
  void killTakesItsSignalAsOperandOrFlag() {
    assertThat(Reading.read("kill", "web")).isEqualTo(new KillCommand("web", Signal.TERM, false));
    assertThat(Reading.read("kill", "web", "9")).isEqualTo(new KillCommand("web", Signal.KILL, false));
    assertThat(Reading.read("kill", "web", "--all", "-s", "hup")).isEqualTo(new KillCommand("web", Signal.HUP, true));
    assertThat(Reading.read("kill", "--signal=RTMIN+3", "web")).isEqualTo(new KillCommand("web", Signal.of("37"), false));
  }

  @Test
  void flagsMayFollowOperandsWhereNoForeignCommandLineBegins() {
    assertThat(Reading.read("delete", "a", "b", "-f")).isEqualTo(new DeleteCommand(List.of("a", "b"), true, false));
    assertThat(Reading.read("delete", "--", "-f")).isEqualTo(new DeleteCommand(List.of("-f"), false, false));
  }

  @Test
  void stopHasAGraceAndASignal() {
    StopCommand stop = Reading.read(StopCommand.class, "stop a b -t 3 -s INT");
    assertThat(stop.ids()).containsExactly("a", "b");
    assertThat(stop.options().grace()).isEqualTo(Duration.ofSeconds(3));
    assertThat(stop.options().signal()).isEqualTo(Signal.INT);
    assertThat(Reading.read(StopCommand.class, "stop a").options().grace()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void execLeavesTheFlagsOfItsCommandAlone() {
    ExecCommand exec = Reading.read(ExecCommand.class, "exec -ti -e A=1 web ls -t --env x");
    assertThat(exec.id()).isEqualTo("web");
    assertThat(exec.command()).containsExactly("ls", "-t", "--env", "x");
    assertThat(exec.process().tty()).isTrue();
    assertThat(exec.process().env()).containsExactly("A=1");
  }

  @Test
  void execTakesTwoDashesBeforeItsCommandButNoMore() {
    assertThat(Reading.read(ExecCommand.class, "exec web -- ls").command()).containsExactly("ls");
    assertThat(Reading.read(ExecCommand.class, "exec web -- -- ls").command()).containsExactly("--", "ls");
    assertThat(Reading.read(ExecCommand.class, "exec -- web ls").command()).containsExactly("ls");
  }

  @Test
  void execTakesItsProcessFromAFile() {
    ExecCommand exec = Reading.read(ExecCommand.class, "exec -d -p process.json web");
    assertThat(exec.processFile()).contains(Path.of("process.json"));
    assertThat(exec.command()).isEmpty();
    assertThat(exec.detach()).isTrue();
  }

  @Test
  void execHasATimeInTheForeground() {
    assertThat(Reading.read(ExecCommand.class, "exec --timeout 5 web ls").runFor()).contains(Duration.ofSeconds(5));
  }

  @Test
  void checkpointsAndRestoresCarryTheOptionsOfCriu() {
    CheckpointCommand checkpoint =
        Reading.read(
            CheckpointCommand.class,
            "checkpoint --image-path i --work-path w --parent-path p --leave-running --tcp-established --empty-ns network"
                + " --empty-ns ipc --page-server host:1 --status-fd 5 --manage-cgroups-mode soft web");
    assertThat(checkpoint.options().imagePath()).isEqualTo(Path.of("i"));
    assertThat(checkpoint.options().workPath()).contains(Path.of("w"));
    assertThat(checkpoint.options().parentPath()).contains(Path.of("p"));
    assertThat(checkpoint.options().leaveRunning()).isTrue();
    assertThat(checkpoint.options().tcpEstablished()).isTrue();
    assertThat(checkpoint.options().shellJob()).isFalse();
    assertThat(checkpoint.options().emptyNamespaces()).containsExactly("network", "ipc");
    assertThat(checkpoint.options().pageServer()).contains("host:1");
    assertThat(checkpoint.options().statusDescriptor().map(Fd::number)).contains(5);
    assertThat(checkpoint.options().cgroupsMode()).contains(CgroupsMode.SOFT);
    RestoreCommand restore = Reading.read(RestoreCommand.class, "restore --bundle b --shell-job --lsm-profile apparmor:x -d web");
    assertThat(restore.bundle()).isEqualTo(Path.of("b"));
    assertThat(restore.options().imagePath()).isEqualTo(Path.of("checkpoint"));
    assertThat(restore.options().shellJob()).isTrue();
    assertThat(restore.options().lsmProfile()).contains("apparmor:x");
    assertThat(restore.detach()).isTrue();
  }

  @Test
  void formatsAndIntervalsHaveDefaults() {
    assertThat(Reading.read("list")).isEqualTo(new ListCommand(Format.TABLE, false));
    assertThat(Reading.read("list", "-q", "-f", "json")).isEqualTo(new ListCommand(Format.JSON, true));
    assertThat(Reading.read("ps", "web")).isEqualTo(new PsCommand("web", Format.TABLE));
    assertThat(Reading.read("stats")).isEqualTo(new StatsCommand(List.of(), false, Duration.ofSeconds(5), Format.TABLE));
    assertThat(Reading.read("events", "web", "--interval", "1s", "--stats"))
        .isEqualTo(new EventsCommand("web", Duration.ofSeconds(1), true, Format.TABLE));
    assertThat(Reading.read("--version")).isEqualTo(new VersionCommand(Format.TABLE));
  }

  @Test
  void whatStandsBeforeTheCommandHoldsForAll() {
    GlobalFlags flags =
        Invocation.read(
                "--runtime", "/opt/runc", "--root=/r", "--debug", "--systemd-cgroup", "--rootless", "auto", "--timeout", "5s",
                "--runtime-arg", "--a", "--runtime-arg=--b", "--criu", "/c", "state", "web")
            .flags();
    assertThat(flags.runtime()).contains("/opt/runc");
    assertThat(flags.root()).contains(Path.of("/r"));
    assertThat(flags.criu()).contains(Path.of("/c"));
    assertThat(flags.rootless()).contains(Rootless.AUTO);
    assertThat(flags.timeout()).contains(Duration.ofSeconds(5));
    assertThat(flags.debug()).isTrue();
    assertThat(flags.systemdCgroup()).isTrue();
    assertThat(flags.runtimeArgs()).containsExactly("--a", "--b");
  }
}
