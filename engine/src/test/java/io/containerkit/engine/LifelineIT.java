package io.containerkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.image.Digest;
import io.containerkit.image.ImageConfig.Defaults;
import io.containerkit.image.Images;
import io.containerkit.image.Lease;
import io.containerkit.testing.LeavesNothing;
import io.containerkit.testing.Residue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Kills the JVM with SIGKILL at every step of a container's life, and looks for what is left.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@LeavesNothing
@SuppressWarnings("NullAway.Init") // the fields are set before each test
class LifelineIT {

  /// A runtime that kills its parent, the JVM, before or after one of its commands.
  private static final String KILLER =
      """
      #!/bin/sh
      at() { [ "$KILL_AT" = "$1" ] && case " $arguments " in *" ${1#*-} "*victim*) kill -s KILL $PPID ;; esac; }
      arguments=$*
      case $KILL_AT in
        before-*) at "$KILL_AT"; exec RUNTIME "$@" ;;
        after-*) RUNTIME "$@"; status=$?; at "$KILL_AT"; exit $status ;;
        *) exec RUNTIME "$@" ;;
      esac
      """;

  /// The script that behaves as a runtime.
  private static final Path FAKE = Path.of("../runtime/src/test/resources/io/containerkit/runtime/fake-runtime").toAbsolutePath().normalize();

  private static final List<String> STEPS =
      List.of("before-create", "after-create", "before-start", "after-start", "before-exec", "after-exec", "before-delete", "after-delete");

  @TempDir Path temporary;

  private Path state;
  private Residue residue;

  @BeforeEach
  void look() {
    state = temporary.resolve("state");
    residue = Residue.watch(Set.of(temporary));
  }

  static Stream<Arguments> runtimesAndSteps() {
    return Stream.of("runc", "/bin/sh " + FAKE).flatMap(runtime -> STEPS.stream().map(step -> Arguments.of(runtime, step)));
  }

  @ParameterizedTest
  @MethodSource("runtimesAndSteps")
  void killedAtACommandNothingIsLeft(String runtime, String step) throws Exception {
    Path killer = Files.writeString(temporary.resolve("killer"), KILLER.replace("RUNTIME", runtime));
    Files.setPosixFilePermissions(killer, PosixFilePermissions.fromString("rwxr-xr-x"));
    Process victim = start(killer.toString(), step);
    assertThat(victim.waitFor(60, TimeUnit.SECONDS)).as("killed at " + step).isTrue();
    assertThat(victim.exitValue()).isEqualTo(137);
    residue.close();
  }

  /// @param apart the milliseconds between the instants: a whole life takes runc 150 ms, runsc a second
  @ParameterizedTest
  @CsvSource({"runc, 17", "runsc, 110"})
  void killedAtAnyInstantNothingIsLeft(String runtime, long apart) throws Exception {
    for (int i = 0; i < 8; i++) {
      Process victim = start(runtime, "");
      BufferedReader out = new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8));
      assertThat(out.readLine()).isEqualTo("ready");
      // Not to wait for anything: the instant is what varies.
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(apart * i));
      victim.destroyForcibly().waitFor();
      residue.close();
    }
  }

  @Test
  void theIdOfAKilledOwnerCanBeTakenAtOnce() throws Exception {
    Process victim = start("runc", "");
    try (BufferedReader out = new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).isEqualTo("ready");
      while (!Files.exists(state.resolve("containers/victim"))) {
        Thread.onSpinWait();
      }
    }
    victim.destroyForcibly().waitFor();
    try (ContainerKit kit = ContainerKit.builder().runtime("runc").state(state).open();
        Container container = kit.container("victim").rootfs(Rootfs.host()).command("true").run()) {
      assertThat(container.waitFor().shellCode()).isZero();
    }
    residue.close();
  }

  @Test
  void whatAKitCouldNotRemoveIsLeftToItsLifeline() throws Exception {
    Path left;
    try (ContainerKit kit = ContainerKit.builder().runtime("runc").state(state).open();
        Container container = kit.container("victim").rootfs(Rootfs.host()).command("true").create()) {
      String token = Files.readString(state.resolve("containers/victim/owner")).strip();
      left = Files.createDirectories(state.resolve("containers/.old-lost-" + token));
      assertThat(container.pid()).isPositive();
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (Files.exists(left) && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(left).doesNotExist();
    residue.close();
  }

  @Test
  void whatAnOwnerLeftThatDiedWithItsLifelineIsRecovered() throws Exception {
    Token dead = new Token("0123456789ab", 1, 1, 1);
    StateDirectory theirs = new StateDirectory(state, dead.toString());
    Path directory = theirs.reserve("lost");
    Path layer = Files.createDirectories(temporary.resolve("a layer=1/upper")).getParent();
    Path lease = Files.createFile(temporary.resolve("lease"));
    List<String> runtime = List.of("/usr/sbin/runc", "--root=" + temporary.resolve("runc"));
    new Journal(runtime, directory, "/containerkit-lost", new Belongings(List.of(lease, layer), List.of())).write(theirs, directory);
    Files.createDirectories(state.resolve("containers/.new-half-" + dead));
    Files.createDirectories(theirs.work().resolve("command"));
    try (ContainerKit kit = ContainerKit.builder().runtime("runc").state(state).open()) {
      assertThat(kit.ids()).isEmpty();
    }
    assertThat(layer).doesNotExist();
    assertThat(lease).doesNotExist();
    residue.close();
  }

  @Test
  void killedAtAnyInstantAContainerOfAnImageLeavesNeitherItsLayerNorItsLeaseNorItsVolume() throws Exception {
    Path store = temporary.resolve("images");
    try (Images images = Images.open(store)) {
      BusyboxImage.make(images, BusyboxImage.NAME, Defaults.NONE.withCmd(List.of("sleep", "60")), temporary.resolve("tree"));
    }
    for (int i = 0; i < 10; i++) {
      Process victim = start("runc", "", store.toString(), temporary.resolve("volumes").toString());
      BufferedReader out = new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8));
      assertThat(out.readLine()).isEqualTo("ready");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(40 + 23L * i));
      victim.destroyForcibly().waitFor();
      try (Images images = Images.open(store)) {
        images.prune(false);
        assertThat(images.find(BusyboxImage.NAME)).isPresent();
      }
      residue.close();
      Volumes volumes = Volumes.open(temporary.resolve("volumes"));
      assertThat(volumes.list()).allSatisfy(volume -> assertThat(volume.name() + volume.users()).isEqualTo("shared[]"));
      if (i % 2 == 0) {
        // So that the next is killed while it is made and filled.
        volumes.prune(true);
        assertEmpty(Files.createDirectories(temporary.resolve("volumes")));
      } else if (volumes.find("shared").isPresent()) {
        assertThat(volumes.directory("shared").data().toFile().list()).satisfiesAnyOf(names -> assertThat(names).isEmpty(), names -> assertThat(names).contains("a", "b"));
      }
    }
  }

  @Test
  void whatContainersOfAnEarlierBootHaveInTheStoreIsRemoved() throws Exception {
    Path store = temporary.resolve("images");
    Path layer = Files.createDirectories(store.resolve("containers/0123456789ab-1f/upper/x")).getParent();
    try (Images images = Images.open(store);
        Lease lease = images.store().lease("0123456789ab-1f")) {
      lease.keep(Digest.sha256(new byte[0]));
      assertThat(images.store().leasePath("0123456789ab-1f")).exists();
    }
    try (ContainerKit kit = ContainerKit.builder().runtime("runc").state(state).images(store).open()) {
      assertThat(kit.images().store().leasePath("0123456789ab-1f")).doesNotExist();
    }
    assertThat(layer).doesNotExist();
    assertEmpty(store.resolve("containers"));
  }

  private Process start(String runtime, String killAt, String... more) throws IOException {
    String[] arguments = Stream.concat(Stream.of(runtime, state.toString()), Stream.of(more)).toArray(String[]::new);
    return OtherJvm.start(Victim.class, Map.of("KILL_AT", killAt, "VICTIM", state.toString()), arguments);
  }

  private static void assertEmpty(Path directory) throws IOException {
    try (var left = Files.list(directory)) {
      assertThat(left).as("left in " + directory).isEmpty();
    }
  }
}
