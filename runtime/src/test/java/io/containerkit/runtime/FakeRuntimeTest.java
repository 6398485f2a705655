package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.linux.Signal;
import io.containerkit.spec.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The suite on the shell script that behaves as a runtime.
class FakeRuntimeTest extends OciRuntimeSuite {

  @SuppressWarnings("NullAway.Init") // made by builder, which runs before each test
  private FakeRuntime fake;

  @Override
  OciRuntimeBuilder builder(Path directory) throws Exception {
    fake = new FakeRuntime(directory);
    return fake.builder();
  }

  @Override
  List<String> calls() throws IOException {
    return fake.calls();
  }

  @Override
  @Test
  void aBrokenConfigurationIsNamed() throws Exception {
    Path bundle = bundles.script("broken", "true");
    Files.delete(bundle.resolve("config.json"));
    assertFails(ErrorKind.INVALID_CONFIG, () -> runtime.create("broken", bundle, Stdio.none()));
  }

  @Test
  void theHotPathIsOneCommandEach() throws Exception {
    try (ContainerProcess process = runtime.create("hot", bundles.script("hot", "true"), Stdio.none())) {
      runtime.start("hot");
      process.waitFor();
      runtime.delete("hot");
    }
    assertThat(fake.calls()).extracting(call -> call.substring(0, call.indexOf(' '))).containsExactly("list", "create", "start", "delete");
    assertThat(fake.calls()).noneMatch(call -> call.contains("--force"));
  }

  @Test
  void whatRunsIsKilledAndWaitedForBeforeItIsDeleted() throws Exception {
    try (ContainerProcess process = running("runs", "sleep 1000")) {
      int before = fake.calls().size();
      runtime.deleteForcibly("runs");
      assertThat(process.waitFor()).isEqualTo(killedBy(Signal.KILL));
      List<String> commands = fake.calls().subList(before, fake.calls().size());
      assertThat(commands).filteredOn(call -> !call.startsWith("state ")).containsExactly("kill runs 9", "delete --force runs");
    }
  }

  @Test
  void whatTheRuntimeDoesNotHaveBeforeItsCommandIsRefused() throws Exception {
    OciRuntime crun = runtime.toBuilder().dialect(Dialect.of("crun version 1.8.1")).criu(Path.of("/usr/sbin/criu")).build();
    int before = fake.calls().size();
    assertFails(ErrorKind.UNSUPPORTED, crun::list);
    assertThat(fake.calls()).hasSize(before);
    assertThat(runtime.toBuilder().criu(Path.of("/usr/sbin/criu")).systemdCgroup(true).build().list()).isEmpty();
  }
}
