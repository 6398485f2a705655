package io.containerkit.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.testing.LeavesNothing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The way for kernels before 6.15: a program that becomes the parent of orphans learns how each of its containers ended.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@LeavesNothing
class SubreaperIT {

  @TempDir Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun", "runsc"})
  void everyStatusIsRightAndNoChildIsStolen(String runtime) throws Exception {
    Process program = OtherJvm.start(Reaping.class, Map.of(), runtime, temporary.resolve("state").toString());
    List<String> expected = new ArrayList<>(List.of("PIDFD_GET_INFO missing"));
    for (int i = 0; i < 10; i++) {
      expected.add("parent this program");
      expected.add("execution Exited[code=" + (10 + i) + "]");
      expected.add("container Exited[code=" + (50 + i) + "]");
      expected.add("child " + (100 + i));
    }
    try (var out = program.inputReader(UTF_8)) {
      assertThat(out.readAllLines()).isEqualTo(expected);
    }
    assertThat(program.waitFor()).isZero();
  }
}
