package io.containerkit.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Each comparison, with so few rounds that only their being there is tested, not what they are.
///
/// On runc: it works on every cgroup layout, also outside of the mount namespace that `bench/run` makes.
@Timeout(120)
class BenchIT {

  private static final Path PEERS = Path.of("target/peers").toAbsolutePath();

  @BeforeAll
  static void buildPeers() throws Exception {
    Shell.run("./build-peers", PEERS.toString());
  }

  @Test
  void lifecycleComparesAllContenders() throws Exception {
    assertThat(output("lifecycle"))
        .contains("| life cycle on runc, ms | create | start | wait | delete |")
        .containsPattern("\\| C loop +\\|( +[0-9.]+ \\|){7} +1\\.000 \\| +1\\.000 \\|")
        .containsPattern("\\| containerkit +\\|( +[0-9.]+ \\|){9}")
        .containsPattern("\\| life cycle on runc \\| 1\\.030 × the C loop \\| +[0-9.]+ × the C loop \\|");
  }

  @Test
  void execComparesAllContenders() throws Exception {
    assertThat(output("exec"))
        .containsPattern("\\| C loop +\\|( +[0-9.]+ \\|){5}")
        .containsPattern("\\| containerkit +\\|( +[0-9.]+ \\|){5}")
        .containsPattern("\\| exec on runc +\\| 1\\.050");
  }

  @Test
  void exitLatencyIsCountedFromTheStampOfTheProcess() throws Exception {
    assertThat(output("exit-latency"))
        .containsPattern("\\| containerkit +\\|( +[0-9.]+ \\|){5}")
        .contains("| exit known on runc, p99 | 1.000 ms |");
  }

  @Test
  void memoryIsSharedOutAmongTheContainers() throws Exception {
    assertThat(output("memory"))
        .contains("| 3 supervised containers")
        .containsPattern("\\| live heap, KiB +\\| +[0-9]+ \\| +[0-9]+ \\| +-?[0-9.]+ \\|");
  }

  private static String output(String section) throws Exception {
    Options options =
        Options.parse(section, "--runtime", "runc", "--rounds", "2", "--processes", "3", "--peers", PEERS.toString());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Workspace workspace = Workspace.create(options.peers());
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      new Bench(options, workspace, out).run();
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
