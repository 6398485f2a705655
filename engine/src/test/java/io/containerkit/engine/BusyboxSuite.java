package io.containerkit.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.image.ImageConfig.Defaults;
import io.containerkit.image.Images;
import io.containerkit.linux.ExitStatus;
import io.containerkit.testing.LeavesNothing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Containers of an image of busybox on a runtime. Each test asserts that nothing is left behind.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@LeavesNothing
abstract class BusyboxSuite {

  /// Shared by the tests of a class, as trying a runtime takes seconds and is remembered there.
  @TempDir static Path state;

  @TempDir Path temporary;

  ContainerKit kit;

  abstract String runtime();

  /// The view of the control groups that crun is given is made once and stays.
  @BeforeAll
  static void warmUp() {
    ContainerKit.builder().runtime("crun").state(state).open().close();
  }

  /// What the image says of its containers.
  abstract Defaults defaults();

  /// Mounts something in the place of the store, which is not there yet.
  void mountStore(Path place) throws IOException {
    assertThat(place).doesNotExist();
  }

  @BeforeEach
  void open() throws Exception {
    mountStore(store());
    try (Images images = Images.open(store())) {
      BusyboxImage.make(images, BusyboxImage.NAME, defaults(), temporary.resolve("tree"));
    }
    try (ContainerKit first = kit(); Container warm = first.image(BusyboxImage.NAME).create()) {
      assertThat(warm.pid()).isPositive();
    }
    kit = kit();
  }

  Path store() {
    return temporary.resolve("images");
  }

  ContainerKit kit() {
    return ContainerKit.builder().runtime(runtime()).state(state).images(store()).volumes(temporary.resolve("volumes")).open();
  }

  ContainerBuilder shell(String script) {
    return kit.image(BusyboxImage.NAME).command("sh", "-c", script);
  }

  static String output(Container container) throws IOException, InterruptedException {
    String output = new String(container.stdout().readAllBytes(), UTF_8);
    String errors = new String(container.stderr().readAllBytes(), UTF_8);
    assertThat(container.waitFor()).as(errors).isEqualTo(new ExitStatus.Exited(0));
    return output;
  }
}
