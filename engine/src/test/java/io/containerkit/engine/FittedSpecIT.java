package io.containerkit.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.linux.Allowance;
import io.containerkit.linux.ExitStatus;
import io.containerkit.spec.ProcessSpec;
import io.containerkit.spec.Rlimit;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Containers that ask for more than the host allows: on a host that allows everything, for more than the kernel has.
@Timeout(60)
class FittedSpecIT {

  private static final String NOFILE = "RLIMIT_NOFILE";

  @TempDir Path state;

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

  @Test
  void whatTheHostAllowsIsLeftAsItIs() throws Exception {
    try (ContainerKit kit = kit("crun");
        Container container = asking(kit, Rlimit.of(NOFILE, 77, 78), 500).run()) {
      assertThat(new String(container.stdout().readAllBytes(), UTF_8)).isEqualTo("77\n78\n500\n");
      assertThat(container.adjustments()).isEmpty();
    }
  }
}
