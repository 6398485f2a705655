package io.containerkit.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the real runtimes write.
class RealDocumentsIT {

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun", "runsc"})
  void theTemplateOfARuntimeIsReadWithoutLossAndIsInOrder(String runtime) throws Exception {
    run(runtime, "spec");
    Path file = directory.resolve("config.json");
    Spec spec = Spec.read(file);
    assertThat(spec.toJson()).isEqualTo(Json.readObject(file));
    assertThat(spec.validate()).isEmpty();
    assertThat(spec.process()).isNotNull();
    OfficialSchema.config().accepts(spec);
  }

  @Test
  void theFeaturesOfRuncAreReadWithoutLoss() throws Exception {
    byte[] document = run("runc", "features");
    Features features = Features.read(document);
    assertThat(features.toJson()).isEqualTo(Json.readObject(document));
    assertThat(features.hooks()).contains("createRuntime");
    assertThat(Objects.requireNonNull(features.linux()).namespaces()).contains("mount");
  }

  private byte[] run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    byte[] output = process.getInputStream().readAllBytes();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).as(command[0] + " ends").isTrue();
    assertThat(process.exitValue()).as("the exit status of " + command[0]).isZero();
    return output;
  }
}
