package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Containers in a sandbox: the process numbers are its own, and it checkpoints without criu.
class RunscCommandsIT extends CommandsSuite {

  @Override
  String runtime() {
    return "runsc";
  }

  @Test
  void aCheckpointEndsTheContainer() {
    sleeps();
    Path image = directory.resolve("image");
    succeeds("checkpoint", "--image-path", image.toString(), id);
    assertThat(image.resolve("checkpoint.img")).isNotEmptyFile();
    await("it has ended", () -> state().status() == io.containerkit.spec.State.Status.STOPPED);
    succeeds("delete", id);
  }
}
