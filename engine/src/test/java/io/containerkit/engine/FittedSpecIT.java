package io.containerkit.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.linux.Allowance;
import io.containerkit.linux.ExitStatus;
import io.containerkit.runtime.ExecOptions;
import io.containerkit.runtime.Stdio;
import io.containerkit.spec.Mount;
import io.containerkit.spec.ProcessSpec;
import io.containerkit.spec.Rlimit;
import io.containerkit.spec.Root;
import io.containerkit.spec.Spec;
import io.containerkit.testing.LeavesNothing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Containers that ask for more than the host allows: on a host that allows everything, for more than the kernel has.
@Timeout(60)
@LeavesNothing
class FittedSpecIT {

  private static final String NOFILE = "RLIMIT_NOFILE";

  @TempDir Path state;

  /// The view of the control groups that crun is given is made once and stays.
  @BeforeAll
  static void warmUp(@TempDir Path elsewhere) {
    ContainerKit.builder().runtime("crun").state(elsewhere).open().close();
  }

  private ContainerBuilder asking(ContainerKit kit, Rlimit limit, int oomScoreAdj) {
    return kit.container()
        .rootfs(Rootfs.host())
        .command("sh", "-c", "ulimit -S -n; ulimit -H -n; cat /proc/self/oom_score_adj")
        .spec(
            spec -> {
              ProcessSpec process = Objects.requireNonNull(spec.process());
              return spec.toBuilder()
                  .process(process.toBuilder().rlimits(List.of(limit)).oomScoreAdj(oomScoreAdj).build())
                  .build();
            });
  }

  private ContainerKit kit(String runtime) {
    return ContainerKit.builder().runtime(runtime).state(state).open();
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void noMoreIsGivenThanTheHostAllowsAndThatIsSaid(String runtime) throws Exception {
    long highest = Allowance.highestLimit(NOFILE);
    int score = Allowance.oomScoreAdj(-1000);
    try (ContainerKit kit = kit(runtime);
        Container container = asking(kit, Rlimit.of(NOFILE, 77, highest + 1), -1000).run()) {
      assertThat(new String(container.stdout().readAllBytes(), UTF_8)).isEqualTo("77\n" + highest + "\n" + score + "\n");
      assertThat(container.waitFor()).isEqualTo(new ExitStatus.Exited(0));
      List<String> messages = container.adjustments().stream().map(Adjustment::message).toList();
      assertThat(messages).hasSize(score == -1000 ? 1 : 2);
      assertThat(messages.getFirst()).startsWith("RLIMIT_NOFILE is 77:" + highest + " and not 77:" + (highest + 1) + ": ");
      assertThat(score == -1000 || messages.getLast().startsWith("oom_score_adj is " + score + " and not -1000: ")).isTrue();
      ProcessSpec given = Objects.requireNonNull(container.spec().process());
      assertThat(given.rlimits()).containsExactly(Rlimit.of(NOFILE, 77, highest));
      assertThat(given.oomScoreAdj()).isEqualTo(score);
    }
  }

  /// A bundle with a root of its own that asks for more than there is. Its root, its mount and its hook are told from the bundle.
  private Path demandingBundle(Rlimit limit) throws Exception {
    Path bundle = Files.createDirectories(state.resolveSibling(state.getFileName() + "-bundle"));
    Path root = Files.createDirectories(bundle.resolve("rootfs"));
    for (String directory : List.of("bin", "data", "proc", "dev", "sys")) {
      Files.createDirectory(root.resolve(directory));
    }
    Files.copy(Path.of("/bin/busybox"), root.resolve("bin/sh"));
    Files.createSymbolicLink(root.resolve("bin/cat"), Path.of("sh"));
    Files.writeString(Files.createDirectory(bundle.resolve("data")).resolve("word"), "beside\n");
    Spec spec = Spec.defaults();
    ProcessSpec process = Objects.requireNonNull(spec.process()).toBuilder()
        .args("/bin/sh", "-c", "cat /data/word; ulimit -H -n")
        .rlimits(List.of(limit))
        .build();
    List<Mount> mounts = new ArrayList<>(spec.mounts());
    mounts.add(Mount.bind(bundle.resolve("data").toString(), "/data"));
    spec.toBuilder().root(Root.of("rootfs", false)).mounts(mounts).process(process).build().write(bundle.resolve("config.json"));
    return bundle;
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void aBundleThatAsksForTooMuchIsLoweredAndItsFileIsNotTouched(String runtime) throws Exception {
    long highest = Allowance.highestLimit(NOFILE);
    Path bundle = demandingBundle(Rlimit.of(NOFILE, 77, highest + 1));
    Path document = bundle.resolve("config.json");
    byte[] before = Files.readAllBytes(document);
    try (ContainerKit kit = kit(runtime);
        Container container = kit.container().bundle(bundle).run()) {
      assertThat(container.stdout().readAllBytes()).asString(UTF_8).isEqualTo("beside\n" + highest + "\n");
      assertThat(container.waitFor()).isEqualTo(new ExitStatus.Exited(0));
      assertThat(container.adjustments()).extracting(Adjustment::pointer).containsExactly("/process/rlimits/0");
      assertThat(container.bundle()).isEqualTo(bundle);
      assertThat(container.runtimeState().bundle()).isEqualTo(bundle.toString());
      assertThat(document).hasBinaryContent(before);
      Container found = kit.find(container.id()).orElseThrow();
      assertThat(Objects.requireNonNull(found.spec().process()).rlimits()).containsExactly(Rlimit.of(NOFILE, 77, highest));
      found.close();
    } finally {
      try (var files = Files.walk(bundle)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> assertThat(file.toFile().delete()).isTrue());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void anExecutionThatAsksForTooMuchIsLowered(String runtime) throws Exception {
    long highest = Allowance.highestLimit(NOFILE);
    try (ContainerKit kit = kit(runtime);
        Container container = kit.container().rootfs(Rootfs.host()).command("sleep", "60").run()) {
      ProcessSpec process = Objects.requireNonNull(container.spec().process()).toBuilder()
          .args("sh", "-c", "ulimit -H -n")
          .rlimits(List.of(Rlimit.of(NOFILE, 77, highest + 1)))
          .build();
      try (Execution execution = container.exec(process, ExecOptions.builder().stdio(Stdio.pipes()).build())) {
        assertThat(execution.stdout().readAllBytes()).asString(UTF_8).isEqualTo(highest + "\n");
        assertThat(execution.adjustments()).extracting(Adjustment::pointer).containsExactly("/rlimits/0");
        assertThat(execution.spec().rlimits()).containsExactly(Rlimit.of(NOFILE, 77, highest));
      }
      try (Execution execution = container.exec("true")) {
        assertThat(execution.adjustments()).isEmpty();
      }
    }
  }

  @Test
  void whatTheHostAllowsIsLeftAsItIs() throws Exception {
    try (ContainerKit kit = kit("crun");
        Container container = asking(kit, Rlimit.of(NOFILE, 77, 78), 500).run()) {
      assertThat(new String(container.stdout().readAllBytes(), UTF_8)).isEqualTo("77\n78\n500\n");
      assertThat(container.adjustments()).isEmpty();
    }
  }
}
