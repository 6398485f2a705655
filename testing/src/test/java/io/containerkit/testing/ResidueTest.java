package io.containerkit.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.linux.Child;
import io.containerkit.linux.MountNamespace;
import io.containerkit.linux.Mounts;
import io.containerkit.linux.Signal;
import io.containerkit.linux.Spawn;
import io.containerkit.testing.Residue.Found;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever a test can leave behind is found, and only as long as it is there.
class ResidueTest {

  @TempDir private Path directory;
  private Residue residue = Residue.watch(Set.of());

  @BeforeAll
  static void warmUp() throws InterruptedException, IOException {
    Residue.warmUp();
  }

  @BeforeEach
  void watch() {
    residue = Residue.watch(Set.of(directory));
    assertThat(residue.left()).matches(Found::isNothing);
  }

  @AfterEach
  void nothingIsFoundOnceItIsGone() {
    residue.close();
  }

  @Test
  void aDescriptor() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    try (InputStream _ = Files.newInputStream(file)) {
      assertThat(residue.left().descriptors()).singleElement().asString().endsWith(" " + file);
    }
  }

  @Test
  void aThreadThatIsCalledAsTheOneThatStays() throws InterruptedException {
    Thread thread = Thread.ofPlatform().daemon().name("containerkit-loop").start(LockSupport::park);
    assertThat(residue.left().threads()).containsExactly("containerkit-loop #" + thread.threadId());
    thread.interrupt();
    thread.join();
  }

  @Test
  void processesByTheirArgumentsAndByTheirEnvironment() throws InterruptedException {
    Child named = Spawn.of("/bin/sh", "-c", "kill -STOP $$", directory.toString()).start();
    Child given = Spawn.of("/bin/sleep", "1000").environment(Map.of("STATE", directory.toString())).start();
    assertThat(residue.left().processes()).anyMatch(found -> found.startsWith("/proc/" + named.pid() + " /bin/sh"));
    assertThat(residue.left().processes()).contains("/proc/" + given.pid() + " /bin/sleep 1000 ");
    named.signal(Signal.KILL);
    given.signal(Signal.KILL);
    named.waitFor();
    given.waitFor();
  }

  @Test
  void aControlGroupAlsoBelowAnother() throws IOException {
    Path hierarchy = Files.isDirectory(Path.of("/sys/fs/cgroup/pids")) ? Path.of("/sys/fs/cgroup/pids") : Path.of("/sys/fs/cgroup");
    Path outer = hierarchy.resolve(Residue.GROUP);
    Path inner = Files.createDirectories(outer.resolve("inner"));
    assertThat(residue.left().cgroups()).containsExactly(outer.toString());
    Files.delete(inner);
    assertThat(residue.left().cgroups()).isEmpty();
    assertThat(outer).doesNotExist();
  }

  /// Nothing of it is in the table of mounts of this process.
  @Test
  void aMountInANamespaceOfAProcess() throws Exception {
    Path target = Files.createDirectory(directory.resolve("mount"));
    Child inside;
    try (MountNamespace namespace = MountNamespace.copyOfHost()) {
      inside =
          namespace.call(
              () -> {
                Mounts.tmpfs(target, List.of());
                return Spawn.of("/bin/sleep", "1000").start();
              });
      assertThat(residue.left().descriptors()).anyMatch(found -> found.contains(" mnt:["));
    }
    assertThat(residue.left().mounts()).anyMatch(found -> found.startsWith("/proc/" + inside.pid() + "/mountinfo ") && found.contains(target.toString()));
    inside.signal(Signal.KILL);
    inside.waitFor();
  }

  @Test
  void aFileOfAContainerALeaseAndTheStateOfARuntime() throws IOException {
    List<Path> files =
        List.of(directory.resolve("state/containers/web"), directory.resolve("images/leases/one"), directory.resolve("state/runtime/runc/web"));
    for (Path file : files) {
      Files.createDirectories(file);
    }
    assertThat(residue.left().files()).containsExactlyInAnyOrderElementsOf(files.stream().map(Path::toString).toList());
    Path remembered = Files.createDirectories(directory.resolve("state/probe")).resolve("runc");
    Files.createFile(remembered);
    Path forgotten = Files.createFile(directory.resolve("state/forgotten"));
    for (Path file : files) {
      Files.delete(file);
    }
    assertThat(residue.left().files()).containsExactly(forgotten.toString());
    Files.delete(forgotten);
  }
}
