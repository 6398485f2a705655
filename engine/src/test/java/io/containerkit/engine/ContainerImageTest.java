package io.containerkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.image.Descriptor;
import io.containerkit.image.Digest;
import io.containerkit.image.ImageConfig;
import io.containerkit.image.ImageConfig.Defaults;
import io.containerkit.image.MediaType;
import io.containerkit.image.Platform;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerImageTest {

  @TempDir private Path root;

  @Test
  void whatIsWrittenIsReadBackHoweverLongTheConfiguration() {
    StateDirectory state = new StateDirectory(root, "boot.1.2.3");
    Path directory = state.reserve("web");
    assertThat(ContainerImage.read(state, "web")).isEmpty();
    byte[] manifest = new byte[] {1};
    for (String label : List.of("short", "x".repeat(4 << 20))) {
      ImageConfig config =
          ImageConfig.of(Platform.of("linux/amd64"), Defaults.NONE.withLabels(Map.of("label", label)), List.of(Digest.sha256(manifest)));
      ContainerImage image =
          new ContainerImage("localhost/app:1", Descriptor.of(MediaType.OCI_MANIFEST, manifest), config, root.resolve("upper"), true);
      image.write(state, directory);
      assertThat(ContainerImage.read(state, "web")).contains(image);
    }
  }
}
