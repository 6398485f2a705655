package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.linux.Cgroup;
import io.containerkit.linux.Cgroups;
import io.containerkit.spec.ProcessSpec;
import io.containerkit.spec.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What holds for runtimes whose containers are processes of the host's kernel.
abstract class NativeCommandsSuite extends CommandsSuite {

  /// What a file of the container's cgroup says, in whichever hierarchy has it.
  private String limit(String controller, String v1, String v2) {
    Cgroup cgroup = Cgroups.host().ofProcess(state().pid());
    Path directory = cgroup.v1().get(controller);
    return directory != null ? text(directory.resolve(v1)) : text(Objects.requireNonNull(cgroup.unified()).resolve(v2));
  }

  @Test
  void limitsChangeAndThoseThatAreNotNamedStay() throws IOException {
    assertThat(inside.run("run", "-d", "--name", id, "--memory", "64m", "--pids-limit", "50", "--rootfs", "/", "--", "sleep", "1000").code())
        .isZero();
    succeeds("update", "--cpus", "0.5", id);
    assertThat(limit("cpu", "cpu.cfs_quota_us", "cpu.max")).startsWith("50000");
    assertThat(limit("memory", "memory.limit_in_bytes", "memory.max")).isEqualTo(Integer.toString(64 << 20));
    assertThat(limit("pids", "pids.max", "pids.max")).isEqualTo("50");
    succeeds("update", "--pids-limit", "60", "-m", "96m", id);
    assertThat(limit("memory", "memory.limit_in_bytes", "memory.max")).isEqualTo(Integer.toString(96 << 20));
    assertThat(limit("pids", "pids.max", "pids.max")).isEqualTo("60");
    assertThat(limit("cpu", "cpu.cfs_quota_us", "cpu.max")).startsWith("50000");
    Path resources = Files.writeString(directory.resolve("resources.json"), "{\"pids\":{\"limit\":70}}");
    succeeds("update", "--resources", resources.toString(), id);
    assertThat(limit("pids", "pids.max", "pids.max")).isEqualTo("70");
    assertThat(ckit.runWithInput("{\"pids\":{\"limit\":80}}", "update", "-r", "-", id)).isEqualTo(new Ckit.Result(0, "", ""));
    assertThat(limit("pids", "pids.max", "pids.max")).isEqualTo("80");
    succeeds("delete", "-f", id);
  }

  @Test
  void realTimeSignalsHaveNamesToo() {
    Path output = runs("trap 'echo rtmin+3; exit' 37; echo ready; while :; do sleep 0.02; done");
    await("the script runs", () -> text(output).endsWith("ready"));
    succeeds("kill", "--signal", "SIGRTMIN+3", id);
    await("the real-time signal comes", () -> text(output).endsWith("rtmin+3"));
    await("it has ended", () -> state().status() == State.Status.STOPPED);
    succeeds("delete", id);
  }

  @Test
  void aPausedContainerStandsStillUntilItIsResumed() {
    Path output = runs("while :; do echo x; sleep 0.01; done");
    await("it prints", () -> !text(output).isEmpty());
    succeeds("pause", id);
    assertThat(state().status()).isEqualTo(State.Status.PAUSED);
    assertThat(Cgroups.host().ofProcess(state().pid()).freezer()).isEqualTo(Cgroup.Freezer.FROZEN);
    assertThat(inside.run("list").out()).contains(" paused ");
    assertFails(inside.run("exec", id, "true"), 125, runtime() + " exec \"" + id + "\": ", "");
    int printed = text(output).length();
    assertThat(text(output)).hasSize(printed);
    succeeds("resume", id);
    assertThat(state().status()).isEqualTo(State.Status.RUNNING);
    await("it prints on", () -> text(output).length() > printed);
    succeeds("pause", id);
    succeeds("stop", "-t", "0", id);
    succeeds("delete", id);
  }

  @Test
  void aFurtherCommandIsShapedByFlags() {
    sleeps();
    Ckit.Result result =
        ckit.run("exec", "-u", "nobody", "-w", "/tmp", "-e", "GREETING=hi", id, "--", "/bin/sh", "-c", "id -un; pwd; echo $GREETING");
    assertThat(result).isEqualTo(new Ckit.Result(0, "nobody\n/tmp\nhi\n", ""));
    assertFails(
        ckit.run("exec", "-w", "/no-such-directory", id, "true"), 125, runtime() + " exec \"" + id + "\": ", "directory (exit 255)");
    assertFails(inside.run("exec", "-u", "no-such-user", id, "true"), 125, "", "");
    succeeds("delete", "-f", id);
  }

  @Test
  void aFurtherCommandComesFromAFile() throws IOException {
    sleeps();
    Path file = directory.resolve("process.json");
    ProcessSpec.command("/bin/sh", "-c", "read word; echo $word from $WHERE; exit 4").env("PATH=/usr/bin:/bin", "WHERE=a file").build().write(file);
    assertThat(ckit.runWithInput("hello\n", "exec", "--process", file.toString(), id)).isEqualTo(new Ckit.Result(4, "hello from a file\n", ""));
    assertFails(inside.run("exec", "--process", directory + "/none", id), 125, directory + "/none: ", "no such file");
    Files.writeString(file, "{\"cwd\":7}");
    assertFails(inside.run("exec", "--process", file.toString(), id), 125, file + " ", "");
    succeeds("delete", "-f", id);
  }

  @Test
  void aDetachedCommandRunsOn() {
    sleeps();
    Path pidFile = directory.resolve("pid");
    succeeds("exec", "-d", "--pid-file", pidFile.toString(), id, "sleep", "1001");
    int pid = Integer.parseInt(text(pidFile));
    assertThat(pids()).contains(pid).hasSize(2);
    // Nothing of the runtime stays with it.
    assertThat(ProcessHandle.allProcesses().map(each -> each.info().commandLine().orElse("")))
        .noneMatch(line -> line.contains(" exec ") && line.contains(id));
    assertThat(inside.run("ps", id).out()).containsPattern(pid + " +\\d+ +S +sleep 1001");
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    await("it has ended", () -> pids().size() == 1);
    assertFails(inside.run("exec", "-d", id, "/no-such-program"), 127, runtime() + " exec \"" + id + "\": ", "the PATH that its process is given");
    succeeds("delete", "-f", id);
  }

  @Test
  void whereTheKernelOrTheRuntimeCannotCheckpointTheContainerGoesOn() {
    sleeps();
    Path image = directory.resolve("image");
    Ckit.Result checkpoint = inside.run("checkpoint", "--image-path", image.toString(), id);
    // Where criu works, which it does not on every kernel, the container ends and can be made again.
    if (checkpoint.code() == 0) {
      succeeds("delete", id);
      return;
    }
    assertThat(checkpoint.code()).isEqualTo(125);
    assertThat(checkpoint.err()).startsWith("ckit: " + runtime()).hasLineCount(1).containsPattern("another runtime may|criu check");
    assertThat(state().status()).isEqualTo(State.Status.RUNNING);
    succeeds("delete", "-f", id);
  }

  @Test
  void whatIsNoCheckpointIsNotRestored() throws IOException {
    Path bundle = Files.createDirectories(directory.resolve("bundle"));
    Files.createDirectories(bundle.resolve("rootfs"));
    assertFails(inside.run("restore", "--bundle", bundle.toString(), id), 125, "--bundle: " + bundle + "/config.json does not exist", "or ckit spec writes one");
    succeeds("spec", "--bundle", bundle.toString());
    Ckit.Result restore = inside.run("restore", "-d", "--bundle", bundle.toString(), "--image-path", directory + "/none", id);
    assertThat(restore.code()).isEqualTo(125);
    assertThat(restore.err()).startsWith("ckit: " + runtime()).hasLineCount(1);
  }
}
