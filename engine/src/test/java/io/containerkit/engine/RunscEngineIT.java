package io.containerkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.Fd;
import io.containerkit.runtime.CheckpointOptions;
import io.containerkit.runtime.RestoreOptions;
import io.containerkit.runtime.Stdio;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The suite on gVisor's runsc, whose containers are processes of a sandbox.
class RunscEngineIT extends EngineSuite {

  @Override
  String runtime() {
    return "runsc";
  }

  /// The sandbox has a network stack of its own, which is called without the host's interfaces where it cannot have them.
  @Override
  @Test
  void theHostsNetworkIsShared() throws Exception {
    try (Container shared = shell(INTERFACES).network(Network.HOST).run()) {
      assertThat(all(shared.stdout())).isEqualTo("lo\n");
    }
  }

  /// A sandbox has process numbers of its own whatever is asked for, and nothing outlives it.
  @Override
  @Test
  void whatInitLeavesInTheHostsPidNamespaceGoesWithTheContainer() throws Exception {
    try (Container container = inTheHostsPidNamespace("sleep 60 >/dev/null 2>&1 & echo $$ $!; exit 0")) {
      assertThat(all(container.stdout())).isEqualTo("1 2\n");
      assertThat(container.waitFor()).isEqualTo(new ExitStatus.Exited(0));
    }
  }

  @Test
  void aContainerGoesOnFromItsCheckpoint(@TempDir Path saved) throws Exception {
    Path output = saved.resolve("output");
    try (Container counting = counter(output).run()) {
      awaitLines(output, 3);
      counting.checkpoint(CheckpointOptions.builder(saved.resolve("image")).build());
      counting.waitFor();
    }
    int counted = Files.readAllLines(output).size();
    try (Container again = counter(output).restore(RestoreOptions.builder(saved.resolve("image")).build())) {
      assertThat(again.state()).isInstanceOf(ContainerState.Running.class);
      awaitLines(output, counted + 3);
    }
    List<String> lines = Files.readAllLines(output);
    assertThat(lines).isEqualTo(IntStream.rangeClosed(1, lines.size()).mapToObj(Integer::toString).toList());
  }

  private ContainerBuilder counter(Path output) {
    return kit.container("counts")
        .rootfs(Rootfs.host())
        .command("/bin/sh", "-c", "i=0; while :; do i=$((i+1)); echo $i; sleep 0.05; done")
        .stdio(Stdio.of(new Stdio.Stream.Null(), new Stdio.Stream.File(output, true), new Stdio.Stream.Null()));
  }

  private static void awaitLines(Path file, int count) throws Exception {
    while (Files.readAllLines(file).size() < count) {
      LockSupport.parkNanos(5_000_000);
    }
  }

  @Test
  void descriptorsForWhatIsRestoredAreRefused(@TempDir Path saved) {
    ContainerBuilder builder = kit.container("restored").rootfs(Rootfs.host()).command("true").descriptors(List.of(Fd.borrow(0)));
    assertThatIllegalStateException()
        .isThrownBy(() -> builder.restore(RestoreOptions.builder(saved).build()))
        .withMessageContaining("no runtime passes descriptors");
  }
}
