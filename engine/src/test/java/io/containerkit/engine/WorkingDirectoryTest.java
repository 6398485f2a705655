package io.containerkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.Mount;
import io.containerkit.spec.ProcessSpec;
import io.containerkit.spec.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkingDirectoryTest {

  @TempDir private Path root;

  @BeforeEach
  void fill() throws IOException {
    // A hostile image has the directories itself, so that the links lead somewhere before /proc is mounted.
    Files.createDirectories(root.resolve("proc/self/fd/7"));
    Files.createDirectories(root.resolve("dev/fd/7"));
    Files.createDirectories(root.resolve("srv"));
    Files.createSymbolicLink(root.resolve("direct"), Path.of("/proc/self/fd/7"));
    Files.createSymbolicLink(root.resolve("relative"), Path.of("proc/self/fd"));
    Files.createSymbolicLink(root.resolve("twice"), Path.of("srv/../direct"));
    Files.createSymbolicLink(root.resolve("dev-fd"), Path.of("/dev/fd"));
    Files.createSymbolicLink(root.resolve("up"), Path.of("../../../../proc/self"));
    Files.createSymbolicLink(root.resolve("good"), Path.of("/srv"));
    Files.createFile(root.resolve("file"));
  }

  private static Spec spec(String cwd, Mount... mounts) {
    ProcessSpec process = Objects.requireNonNull(Spec.defaults().process());
    return Spec.defaults().toBuilder().process(process.toBuilder().cwd(cwd).build()).mounts(List.of(mounts)).build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/proc/self/fd/7", "/dev/fd/7", "/srv/../proc/1/cwd", "/direct", "/relative/7", "/twice", "/dev-fd/7", "/up/fd"})
  void aWayToDescriptorsOfTheHostIsRefused(String cwd) {
    assertThatThrownBy(() -> WorkingDirectory.prepared(root, spec(cwd)))
        .isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_CONFIG))
        .hasMessageStartingWith("the working directory \"")
        .hasMessageContaining("descriptors of the host");
  }

  @ParameterizedTest
  @CsvSource({"/new/deep, new/deep", "/good/made, srv/made", "/good, srv", "/processes, processes", "/, ''"})
  void whatIsMissingIsMadeWhereLinksLead(String cwd, String made) {
    WorkingDirectory.prepared(root, spec(cwd));
    assertThat(root.resolve(made)).isDirectory();
  }

  @Test
  void theRuntimeGetsThePathThatWasLookedAt() {
    Spec spec = WorkingDirectory.prepared(root, spec("/direct/../srv/"));
    assertThat(Objects.requireNonNull(spec.process()).cwd()).isEqualTo("/srv");
  }

  @Test
  void aFileInItsPlaceIsRefused() {
    assertThatThrownBy(() -> WorkingDirectory.prepared(root, spec("/file"))).isInstanceOf(ImageException.class).hasMessageContaining("cannot be made a directory");
  }

  @Test
  void whatWillBeMountedThereIsNotTheImages() {
    WorkingDirectory.prepared(root, spec("/file/below", Mount.bind(root.toString(), "/file")));
    assertThatThrownBy(() -> WorkingDirectory.prepared(root, spec("/file/below", Mount.of("/file", VolumeMounts.TYPE, "")))).as("filled by the image").isInstanceOf(ImageException.class);
    assertThat(root.resolve("file")).isRegularFile();
  }
}
