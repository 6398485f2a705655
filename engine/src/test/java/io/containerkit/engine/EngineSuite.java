package io.containerkit.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.ProcessStat;
import io.containerkit.linux.Signal;
import io.containerkit.spec.ContainerException;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.Linux;
import io.containerkit.spec.LinuxNamespace;
import io.containerkit.spec.Mount;
import io.containerkit.spec.Spec;
import io.containerkit.testing.LeavesNothing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the engine does on every runtime.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@LeavesNothing
abstract class EngineSuite {

  /// Prints the names of the network interfaces, one a line.
  static final String INTERFACES = "tail -n +3 /proc/net/dev | sed 's/^ *//; s/:.*//'";

  /// Shared by the tests of a class, as trying a runtime takes seconds and is remembered there.
  @TempDir static Path state;

  @TempDir Path temporary;

  ContainerKit kit;

  abstract String runtime();

  /// The view of the control groups that crun is given is made once and stays.
  @BeforeAll
  static void warmUp() {
    ContainerKit.builder().runtime("crun").state(state).open().close();
  }

  @BeforeEach
  void open() {
    kit = kit();
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    kit.close();
    try (var left = Files.walk(state)) {
      assertThat(left.filter(Files::isRegularFile).filter(file -> !file.startsWith(state.resolve("probe"))))
          .as("files in the state directory")
          .isEmpty();
    }
  }

  private ContainerKit kit() {
    return ContainerKit.builder().runtime(runtime()).state(state).open();
  }

  final ContainerBuilder shell(String script) {
    return kit.container().rootfs(Rootfs.host()).command("sh", "-c", script);
  }

  static String all(InputStream in) throws IOException {
    return new String(in.readAllBytes(), UTF_8);
  }

  @Test
  void theExitStatusIsTheContainersOwn() throws Exception {
    try (Container container = shell("exit 37").run()) {
      assertThat(container.waitFor()).isEqualTo(new ExitStatus.Exited(37));
      assertThat(container.state()).isInstanceOf(ContainerState.Stopped.class);
    }
  }

  @Test
  void aSignalIsTold() throws Exception {
    try (Container container = shell("sleep 60").run()) {
      assertThat(container.signal(Signal.KILL)).isTrue();
      assertThat(container.waitFor().shellCode()).isEqualTo(137);
      assertThat(container.signal(Signal.KILL)).isFalse();
    }
  }

  @Test
  void aContainerIsAliveFromItsCreationToItsExit() throws Exception {
    try (Container container = shell("sleep 60").create()) {
      assertThat(container.isAlive()).as("created").isTrue();
      container.start();
      assertThat(container.isAlive()).as("running").isTrue();
      container.signal(Signal.KILL);
      container.waitFor();
      assertThat(container.isAlive()).as("ended").isFalse();
    }
  }

  @Test
  void theStreamsArePipes() throws Exception {
    try (Container container = shell("cat; echo gone >&2").run()) {
      container.stdin().write("hello\n".getBytes(UTF_8));
      container.stdin().close();
      assertThat(all(container.stdout())).isEqualTo("hello\n");
      assertThat(all(container.stderr())).isEqualTo("gone\n");
      assertThat(container.waitFor()).isEqualTo(new ExitStatus.Exited(0));
    }
  }

  @Test
  void anotherUserCanOpenTheStreamsByName() throws Exception {
    String script = "cat /dev/stdin > /dev/stdout && echo wrong > /dev/stderr";
    try (Container container = shell(script).user("nobody").run()) {
      container.stdin().write("right\n".getBytes(UTF_8));
      container.stdin().close();
      assertThat(all(container.stderr())).isEqualTo("wrong\n");
      assertThat(all(container.stdout())).isEqualTo("right\n");
      assertThat(container.waitFor()).isEqualTo(new ExitStatus.Exited(0));
    }
    try (Container container = shell("sleep 60").user("nobody").run();
        Execution execution = container.exec("sh", "-c", script)) {
      execution.stdin().write("right\n".getBytes(UTF_8));
      execution.stdin().close();
      assertThat(all(execution.stderr())).isEqualTo("wrong\n");
      assertThat(all(execution.stdout())).isEqualTo("right\n");
      assertThat(execution.waitFor()).isEqualTo(new ExitStatus.Exited(0));
    }
  }

  @Test
  void theHostsTreeCannotBeWritten() throws Exception {
    Path canary = Path.of("/containerkit-canary");
    try (Container container = shell("echo x > /containerkit-canary && cat /containerkit-canary && rm -rf /etc/hostname").run()) {
      assertThat(all(container.stdout())).isEqualTo("x\n");
      assertThat(container.waitFor()).isEqualTo(new ExitStatus.Exited(0));
      assertThat(canary).doesNotExist();
      assertThat(Path.of("/etc/hostname")).exists();
    }
  }

  @Test
  void aWritableRootIsWrittenInPlace() throws Exception {
    Path root = temporary.resolve("root");
    Files.createDirectories(root.resolve("bin"));
    Files.copy(Path.of("/bin/busybox"), root.resolve("bin/sh"));
    try (Container container =
        kit.container("writes").rootfs(Rootfs.writable(root)).command("/bin/sh", "-c", "echo hi > /made").run()) {
      assertThat(container.waitFor()).isEqualTo(new ExitStatus.Exited(0));
    }
    assertThat(root.resolve("made")).hasContent("hi\n");
  }

  @Test
  void anExecutionHasItsOwnStreamsAndStatus() throws Exception {
    try (Container container = shell("sleep 60").run();
        Execution execution = container.exec("sh", "-c", "echo out; echo err >&2; exit 5")) {
      assertThat(all(execution.stdout())).isEqualTo("out\n");
      assertThat(all(execution.stderr())).isEqualTo("err\n");
      assertThat(execution.waitFor()).isEqualTo(new ExitStatus.Exited(5));
      assertThat(container.state()).isInstanceOf(ContainerState.Running.class);
    }
  }

  @Test
  void anExecutionInAnEndedContainerIsRefused() throws Exception {
    try (Container container = shell("exit 0").run()) {
      container.waitFor();
      assertThatThrownBy(() -> container.exec("true"))
          .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_RUNNING));
    }
  }

  @Test
  void theExitOfInitIsTheLastThatIsTold() throws Exception {
    try (Container container = shell("sleep 60").run();
        Execution execution = container.exec("sleep", "60")) {
      container.signal(Signal.KILL);
      container.waitFor();
      assertThat(execution.onExit()).isDone();
    }
  }

  @Test
  void aStreamOfExecutionsDoesNotHoldTheExitOfInitBack() throws Exception {
    try (Container container = shell("sleep 60").run()) {
      CountDownLatch several = new CountDownLatch(3);
      Thread executing =
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (true) {
                      try (Execution execution = container.exec("sleep", "60")) {
                        several.countDown();
                        execution.waitFor(Duration.ofMillis(1));
                      } catch (ContainerException | InterruptedException refused) {
                        return; // the container has ended
                      }
                    }
                  });
      several.await();
      container.signal(Signal.KILL);
      assertThat(container.waitFor(Duration.ofSeconds(5)).orElseThrow().shellCode()).isEqualTo(137);
      executing.join();
    }
  }

  @Test
  void whatInitLeavesInTheHostsPidNamespaceGoesWithTheContainer() throws Exception {
    Container container = inTheHostsPidNamespace("sleep 60 >/dev/null 2>&1 & echo $!; exit 0");
    int stray = Integer.parseInt(all(container.stdout()).strip());
    assertThat(container.waitFor()).isEqualTo(new ExitStatus.Exited(0));
    assertThat(ProcessStat.of(stray).filter(ProcessStat::isAlive)).isPresent();
    container.close();
    assertThat(ProcessStat.of(stray).filter(ProcessStat::isAlive)).isEmpty();
  }

  Container inTheHostsPidNamespace(String script) {
    return shell(script)
        .spec(
            spec -> {
              Linux linux = Objects.requireNonNull(spec.linux());
              var others = linux.namespaces().stream().filter(namespace -> !namespace.type().equals(LinuxNamespace.PID)).toList();
              return spec.toBuilder().linux(linux.toBuilder().namespaces(others).build()).build();
            })
        .run();
  }

  @Test
  void closingKillsWhatRuns() {
    Container container = shell("trap '' TERM; sleep 60").run();
    int pid = container.pid();
    container.close();
    container.close();
    assertThat(ProcessStat.of(pid).filter(ProcessStat::isAlive)).isEmpty();
    assertThat(container.state()).isInstanceOf(ContainerState.Removed.class);
  }

  @Test
  void aRunningContainerIsNotDeletedUnlessForced() {
    Container container = shell("sleep 60").run();
    assertThatThrownBy(container::delete)
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.RUNNING));
    container.deleteForcibly();
  }

  @Test
  void stopAsksAndThenKills() throws Exception {
    try (Container polite = shell("trap 'exit 3' TERM; echo ready; while :; do sleep 0.05; done").run();
        Container stubborn = shell("trap '' TERM; echo ready; while :; do sleep 0.05; done").run()) {
      assertThat(polite.stdout().read()).isEqualTo('r');
      assertThat(stubborn.stdout().read()).isEqualTo('r');
      assertThat(polite.stop(Duration.ofSeconds(20))).isEqualTo(new ExitStatus.Exited(3));
      assertThat(stubborn.stop(Duration.ofMillis(200)).shellCode()).isEqualTo(137);
    }
  }

  @Test
  void anIdIsTakenOnce() {
    try (Container container = kit.container("web").rootfs(Rootfs.host()).command("sleep", "60").create();
        ContainerKit other = kit()) {
      assertThatThrownBy(() -> other.container("web").rootfs(Rootfs.host()).command("true").create())
          .isInstanceOfSatisfying(ContainerException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.ALREADY_EXISTS));
      assertThat(container.state()).isInstanceOf(ContainerState.Created.class);
    }
  }

  @Test
  void anExecutableThatIsMissingIs127() {
    assertThatThrownBy(() -> kit.container().rootfs(Rootfs.host()).command("/no/such/program").run())
        .isInstanceOfSatisfying(
            ContainerException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(ErrorKind.EXECUTABLE_NOT_FOUND);
              assertThat(e.kind().exitCode()).isEqualTo(127);
            });
  }

  @Test
  void aRootThatIsMissingIsOneClearError() {
    assertThatThrownBy(() -> kit.container("x").rootfs(Rootfs.readOnly(Path.of("/no/such/root"))).create())
        .isInstanceOf(EngineException.class)
        .hasMessage("container \"x\": the root file system /no/such/root does not exist");
  }

  @Test
  void aBundleIsUsedAsItIs() throws Exception {
    Path bundle = Files.createDirectories(temporary.resolve("bundle"));
    Files.createDirectories(bundle.resolve("rootfs/bin"));
    Files.copy(Path.of("/bin/busybox"), bundle.resolve("rootfs/bin/echo"));
    Spec spec = Spec.defaults();
    spec.toBuilder()
        .process(Objects.requireNonNull(spec.process()).toBuilder().args("/bin/echo", "from a bundle").build())
        .linux(Objects.requireNonNull(spec.linux()).toBuilder().cgroupsPath("/containerkit-bundle").build())
        .build()
        .write(bundle.resolve("config.json"));
    try (Container container = kit.container("bundled").bundle(bundle).run()) {
      assertThat(all(container.stdout())).isEqualTo("from a bundle\n");
      assertThat(container.waitFor()).isEqualTo(new ExitStatus.Exited(0));
      assertThat(container.bundle()).isEqualTo(bundle);
    }
    assertThat(bundle.resolve("config.json")).exists();
  }

  @Test
  void aDetachedContainerOutlivesItsKitAndIsFoundAgain() throws Exception {
    kit.container("stays").rootfs(Rootfs.host()).command("sleep", "60").run().detach().close();
    kit.close();
    kit = kit();
    assertThat(kit.ids()).containsExactly("stays");
    Container found = kit.find("stays").orElseThrow();
    assertThat(ProcessHandle.of(found.pid()).filter(ProcessHandle::isAlive)).isPresent();
    // Since when it runs, who started it knew.
    assertThat(found.state()).isEqualTo(new ContainerState.Running(found.pid(), Optional.empty()));
    found.close();
    Container again = kit.find("stays").orElseThrow();
    again.deleteForcibly();
    assertThat(kit.find("stays")).isEmpty();
  }

  @Test
  void aDetachedContainerThatEndedIsFoundAndDeleted() throws Exception {
    Container made = kit.container("short").rootfs(Rootfs.host()).command("true").run();
    made.waitFor();
    made.detach().close();
    Container found = kit.find("short").orElseThrow();
    // Who was not there cannot know how it ended, and says so.
    assertThat(found.waitFor()).isInstanceOf(ExitStatus.Unknown.class);
    assertThat(found.state()).isInstanceOf(ContainerState.Stopped.class);
    found.delete();
    assertThat(kit.ids()).isEmpty();
  }

  @Test
  void userHostnameAndMountsAreAsSaid() throws Exception {
    Path shared = Files.createDirectory(temporary.resolve("shared"));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(shared.resolve("data"), "mounted\n");
    try (Container container =
        shell("id -u; id -g; hostname; cat /mnt/data; pwd; echo $COLOUR")
            .user("nobody:4711")
            .hostname("inside")
            .cwd("/usr")
            .env("COLOUR", "blue")
            .mount(Mount.bind(shared.toString(), "/mnt", "ro"))
            .run()) {
      assertThat(all(container.stdout())).isEqualTo("65534\n4711\ninside\nmounted\n/usr\nblue\n");
    }
  }

  @Test
  void theNetworkIsLoopbackOnly() throws Exception {
    try (Container container = shell(INTERFACES).run()) {
      assertThat(all(container.stdout())).isEqualTo("lo\n");
    }
  }

  @Test
  void theHostsNetworkIsShared() throws Exception {
    String host = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
    try (Container alone = shell("readlink /proc/self/ns/net").run();
        Container shared = shell("readlink /proc/self/ns/net").network(Network.HOST).run()) {
      assertThat(all(alone.stdout())).startsWith("net:").isNotEqualTo(host + "\n");
      assertThat(all(shared.stdout())).isEqualTo(host + "\n");
    }
  }

  @Test
  void manyContainersAtOnceEachHaveTheirStatus() throws Exception {
    List<Container> containers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      containers.add(shell("exit " + (100 + i)).run());
    }
    for (int i = 0; i < containers.size(); i++) {
      assertThat(containers.get(i).waitFor()).isEqualTo(new ExitStatus.Exited(100 + i));
    }
    containers.forEach(Container::close);
  }

  @Test
  void closingTheKitRemovesWhatIsStillOwned() {
    for (int i = 0; i < 3; i++) {
      shell("sleep 60").run();
    }
    kit.close();
    assertThat(kit.ids()).isEmpty();
    assertThatThrownBy(() -> shell("true").create()).isInstanceOf(IllegalStateException.class);
  }
}
