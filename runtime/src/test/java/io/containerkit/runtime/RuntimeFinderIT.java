package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.linux.ExitStatus;
import io.containerkit.runtime.Finding.Grade;
import io.containerkit.runtime.RuntimeProbe.Way;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.testing.LeavesNothing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// On this host, whatever it is: each of the three runtimes runs, in one way or another.
@Timeout(60)
@LeavesNothing
class RuntimeFinderIT {

  @TempDir Path directory;

  /// Made once, it stays.
  @BeforeAll
  static void shareTheView() {
    HybridCgroups.sharedView();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    try (var files = Files.list(directory)) {
      assertThat(files).allMatch(file -> !file.getFileName().toString().startsWith("probe"));
    }
    assertThat(cgroups()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun", "runsc"})
  void findsAWayThatWorks(String name) throws Exception {
    RuntimeProbe probe = new RuntimeFinder(directory, List.of(name)).find();

    assertThat(probe.binary()).hasFileName(name).isAbsolute();
    assertThat(probe.dialect().name()).isEqualTo(name);
    assertThat(probe.failure()).isEmpty();
    OciRuntime runtime = probe.builder().root(directory.resolve("runtime/root")).workDirectory(directory.resolve("work")).build();
    try (HostBundle bundle = HostBundle.create(directory, "sh", "-c", "exit 37");
        ContainerProcess init = runtime.create(bundle.id(), bundle.directory(), Stdio.none())) {
      runtime.start(bundle.id());
      assertThat(init.waitFor()).isEqualTo(new ExitStatus.Exited(37));
      runtime.delete(bundle.id());
    }
  }

  @Test
  void needsThePrivateViewOnAHybridHostForThoseThatRefuseIt() throws Exception {
    boolean hybrid = !HybridCgroups.unifiedMounts().isEmpty();

    assertThat(new RuntimeFinder(directory, List.of("crun")).find().way()).contains(new Way(hybrid, List.of()));
    assertThat(new RuntimeFinder(directory, List.of("runc")).find().way()).contains(Way.PLAIN);
  }

  @Test
  void remembersAndDoesNotTryAgain() throws Exception {
    Path calls = directory.resolve("calls");
    Path counted = script("counted", "echo x >> " + calls + "; exec runc \"$@\"");

    RuntimeProbe first = new RuntimeFinder(directory, List.of(counted.toString())).find();
    long tried = Files.readAllLines(calls).size();
    RuntimeProbe second = new RuntimeFinder(directory, List.of(counted.toString())).find();

    assertThat(second).isEqualTo(first);
    assertThat(Files.readAllLines(calls).size()).isEqualTo(tried).isPositive();
    new RuntimeFinder(directory, List.of(counted.toString())).probeAll();
    assertThat(Files.readAllLines(calls).size()).isEqualTo(2 * tried);
  }

  @Test
  void takesTheNextWhenTheFirstDoesNotRunContainers() throws Exception {
    Path broken = script("broken", "[ \"$1\" = --version ] && echo runc version 1.1.5 && exit; echo out of order >&2; exit 1");

    RuntimeProbe probe = new RuntimeFinder(directory, List.of(broken.toString(), "nothing-of-this-name", "runc")).find();

    assertThat(probe.binary()).hasFileName("runc");
    assertThat(new RuntimeFinder(directory, List.of(broken.toString())).probeAll())
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.works()).isFalse();
              assertThat(it.failure()).contains("out of order");
              assertThat(it.dialect().name()).isEqualTo("runc");
            });
  }

  @Test
  void reportsOneWhoseContainerDoesNothing() throws Exception {
    Path broken = script("liar", "[ \"$1\" = --version ] && echo runc version 1.1.5; exit 0");

    assertThat(new RuntimeFinder(directory, List.of(broken.toString())).probeAll())
        .singleElement()
        .satisfies(probe -> assertThat(probe.way()).isEqualTo(Optional.empty()))
        .satisfies(probe -> assertThat(probe.failure()).contains("pid file"));
  }

  @Test
  void saysWhyNoneWorks() throws Exception {
    Path mute = script("mute", "exit 1");
    Path data = Files.writeString(directory.resolve("data"), "no program");

    assertThatThrownBy(() -> new RuntimeFinder(directory, List.of(mute.toString(), data.toString(), directory + "/none")).find())
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.RUNTIME_NOT_FOUND))
        .hasMessageContainingAll("mute: ", "exit 1", "data: ", "none: ");
    assertThatThrownBy(() -> new RuntimeFinder(directory, List.of("nothing-of-this-name")).find())
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("\"nothing-of-this-name\" is not installed");
  }

  @Test
  void explainsTheHost() throws Exception {
    Path mute = script("mute", "exit 1");
    List<String> names = List.of("runc", mute.toString(), "nothing-of-this-name");

    HostProbe probe = HostProbe.of(new RuntimeFinder(directory, names));

    assertThat(probe.works()).isTrue();
    assertThat(probe.findings(names)).startsWith(probe.host().toArray(Finding[]::new));
    List<Finding> runtimes = probe.findings(names).subList(probe.host().size(), probe.host().size() + 3);
    assertThat(runtimes).extracting(Finding::subject).isEqualTo(names);
    assertThat(runtimes).extracting(Finding::grade).containsExactly(Grade.GOOD, Grade.LIMITED, Grade.LIMITED);
    assertThat(runtimes.getFirst().found()).startsWith("runc ").endsWith("/runc runs containers");
    assertThat(runtimes.get(1).advice()).contains("exit 1");
    assertThat(runtimes.getLast().found()).isEqualTo("not installed");

    HostProbe none = HostProbe.of(new RuntimeFinder(directory, List.of(mute.toString())));
    assertThat(none.works()).isFalse();
    assertThat(none.findings(List.of(mute.toString()))).last().extracting(Finding::grade).isEqualTo(Grade.BAD);
  }

  private Path script(String name, String body) throws Exception {
    Path script = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + body + "\n");
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static List<Path> cgroups() throws Exception {
    try (var hierarchies = Files.walk(Path.of("/sys/fs/cgroup"), 2)) {
      String ours = "containerkit-" + ProcessHandle.current().pid() + "-";
      return hierarchies.filter(path -> path.getFileName().toString().startsWith(ours)).toList();
    }
  }
}
