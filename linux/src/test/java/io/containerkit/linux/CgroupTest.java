package io.containerkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.KernelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Needs root, and whatever hierarchies the host has.
@Timeout(60)
class CgroupTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private Leaks leaks;
  private Cgroup cgroup;

  @BeforeEach
  void create() throws Exception {
    leaks = Leaks.watch();
    cgroup = Cgroups.host().at(Path.of("/containerkit-linux-test-" + ProcessHandle.current().pid()));
    assertThat(cgroup.exists()).isFalse();
    for (Path directory : directories().values()) {
      Files.createDirectories(directory);
    }
    Path cpuset = cgroup.v1().get("cpuset");
    if (cpuset != null) {
      // On version 1 nothing can enter before these are set.
      for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
        Files.writeString(cpuset.resolve(file), Files.readString(cpuset.resolveSibling(file)));
      }
    }
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    cgroup.kill(LONG);
    cgroup.remove(LONG);
    assertThat(cgroup.exists()).isFalse();
    leaks.close();
  }

  @Test
  void killsEveryProcessInItAndBelow() throws Exception {
    Path below = directories().values().iterator().next().resolve("below");
    Files.createDirectory(below);
    Child inside = sleeper(null);
    Child deeper = sleeper(below);
    assertThat(cgroup.processes()).containsExactlyInAnyOrder(inside.pid(), deeper.pid());
    assertThat(Cgroups.host().ofProcess(inside.pid())).isEqualTo(cgroup);
    cgroup.kill(LONG);
    assertThat(inside.waitFor()).isEqualTo(new ExitStatus.Signaled(Signal.KILL, false));
    assertThat(deeper.waitFor()).isEqualTo(new ExitStatus.Signaled(Signal.KILL, false));
    assertThat(cgroup.processes()).isEmpty();
  }

  @Test
  void isFoundByItsDirectoryInEveryHierarchyWithWhatIsInIt() throws Exception {
    Path any = directories().values().iterator().next();
    Files.createDirectory(any.resolve("below"));
    List<Cgroup> found = Cgroups.host().find(directory -> directory.toString().contains("/" + any.getFileName()));
    assertThat(found).hasSize(new HashSet<>(directories().values()).size() + 1).allMatch(Cgroup::exists);
    for (Cgroup group : found) {
      group.remove(LONG); // the first of two takes the second with it
    }
    assertThat(cgroup.exists()).isFalse();
  }

  @Test
  void killsFrozenProcesses() throws Exception {
    Child child = sleeper(null);
    assertThat(cgroup.freezer()).isEqualTo(Cgroup.Freezer.THAWED);
    cgroup.freeze();
    while (cgroup.freezer() != Cgroup.Freezer.FROZEN) {
      Thread.onSpinWait();
    }
    cgroup.kill(LONG);
    assertThat(child.waitFor()).isEqualTo(new ExitStatus.Signaled(Signal.KILL, false));
    assertThat(cgroup.freezer()).isEqualTo(Cgroup.Freezer.THAWED);
  }

  @Test
  void refusesToKillThisProcess(@TempDir Path directory) throws Exception {
    // Moving the test itself into a group would leave it there, so a plain file plays the kernel's.
    Files.writeString(directory.resolve("cgroup.procs"), ProcessHandle.current().pid() + "\n");
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> new Cgroup(Map.of(), directory).kill(LONG))
        .withMessage("control group " + directory + ": not killed, because this process itself is in it")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_ARGUMENT));
  }

  @Test
  void aGroupWithProcessesIsBusy() throws Exception {
    Child child = sleeper(null);
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> cgroup.remove(Duration.ofMillis(20)))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.BUSY));
    assertThat(child.signal(Signal.KILL)).isTrue();
    cgroup.remove(LONG);
    cgroup.remove(LONG);
  }

  @Test
  void aGroupThatIsNotThereIsEmpty() throws Exception {
    Cgroup none = Cgroups.host().at(Path.of("/containerkit-none"));
    assertThat(none.exists()).isFalse();
    assertThat(none.processes()).isEmpty();
    assertThat(none.freezer()).isEqualTo(Cgroup.Freezer.THAWED);
    none.thaw();
    none.kill(LONG);
    none.remove(LONG);
  }

  private Map<String, Path> directories() {
    Map<String, Path> directories = new LinkedHashMap<>(cgroup.v1());
    Path unified = cgroup.unified();
    if (unified != null) {
      directories.put("", unified);
    }
    return directories;
  }

  private Child sleeper(@Nullable Path deeper) throws IOException {
    return inside(deeper, "exec sleep 100");
  }

  /// Starts a shell in the group.
  ///
  /// @param deeper a directory below, for its hierarchy alone
  private Child inside(@Nullable Path deeper, String command) throws IOException {
    try (Pipe gate = Pipe.open()) {
      Child child = Spawn.of("/bin/sh", "-c", "read go; " + command).descriptor(0, gate.readEnd()).start();
      for (Path directory : directories().values()) {
        Files.writeString(directory.resolve("cgroup.procs"), Integer.toString(child.pid()));
      }
      if (deeper != null) {
        Files.writeString(deeper.resolve("cgroup.procs"), Integer.toString(child.pid()));
      }
      return child;
    }
  }
}
