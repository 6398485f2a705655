package io.containerkit.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.Fd;
import io.containerkit.linux.FileAt;
import io.containerkit.linux.FileCopy;
import io.containerkit.linux.MountNamespace;
import io.containerkit.linux.Mounts;
import io.containerkit.linux.Overlay;
import io.containerkit.linux.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Changes made by a shell through a real overlay.
class LayerChangesTest {

  @TempDir private Path directory;
  private Path image;
  private Path upper;

  @BeforeEach
  void makeAnImage() throws IOException {
    image = Files.createDirectory(directory.resolve("image"));
    upper = Files.createDirectory(directory.resolve("upper"));
    for (String name : List.of("etc", "data/sub", "full/of", "empty", "mounted")) {
      Files.createDirectories(image.resolve(name));
    }
    for (String name : List.of("etc/passwd", "data/a", "data/sub/b", "full/1", "full/of/2", "file")) {
      Files.writeString(image.resolve(name), name);
    }
  }

  /// What an overlay tells; a copy of the image in which the same is done must tell the same.
  private List<String> changesBy(String script) throws Exception {
    List<String> changes = changesInOverlay(script);
    assertThat(changesInCopy(script)).as("in a copy").isEqualTo(changes);
    return changes;
  }

  private List<String> changesInCopy(String script) throws Exception {
    Path copy = Files.createDirectory(directory.resolve("copy"));
    try (var files = new FileAt();
        Fd from = FileAt.openDirectory(image);
        Fd to = FileAt.openDirectory(copy)) {
      FileCopy.tree(files, from, to);
    }
    Optional<ExitStatus> status =
        Spawn.of(List.of("/bin/sh", "-ec", script)).directory(copy).environment(Map.of("PATH", "/usr/bin:/bin")).start().waitFor(Duration.ofSeconds(20));
    assertThat(status).contains(new ExitStatus.Exited(0));
    return LayerChanges.ofCopy(copy, image, Set.of("/mounted")).stream().map(LayerChange::toString).toList();
  }

  @Test
  void aChangeThatIsHiddenByLengthAndTimeIsFound() throws Exception {
    assertThat(changesBy("touch -r data/a /tmp/$$; echo -n data/b > data/a; touch -r /tmp/$$ data/a; rm /tmp/$$")).containsExactly("C /data", "C /data/a");
  }

  @Test
  void oneMoreNameOfAFileIsAChangeOfBoth() throws Exception {
    assertThat(changesBy("ln file more")).containsExactly("C /file", "A /more");
  }

  private List<String> changesInOverlay(String script) throws Exception {
    Path root = Files.createDirectory(directory.resolve("root"));
    Path work = Files.createDirectory(directory.resolve("work"));
    try (MountNamespace namespace = MountNamespace.copyOfHost()) {
      Optional<ExitStatus> status =
          namespace
              .call(
                  () -> {
                    Mounts.overlay(Overlay.of(List.of(image), upper, work).withOptions("redirect_dir=off", "metacopy=off"), root);
                    return Spawn.of(List.of("/bin/sh", "-ec", script)).directory(root).environment(Map.of("PATH", "/usr/bin:/bin")).start();
                  })
              .waitFor(Duration.ofSeconds(20));
      assertThat(status).contains(new ExitStatus.Exited(0));
    }
    return LayerChanges.of(upper, image, Set.of("/mounted")).stream().map(LayerChange::toString).toList();
  }

  @Test
  void nothingIsNoChange() throws Exception {
    assertThat(changesBy(":")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          echo x > new                             | A /new
          mkdir -p x/y; echo 1 > x/y/z             | A /x,A /x/y,A /x/y/z
          echo more >> data/sub/b                  | C /data,C /data/sub,C /data/sub/b
          rm data/a                                | C /data,D /data/a
          rm -r full                               | D /full
          rm -r data/sub; mkdir data/sub           | C /data,C /data/sub,D /data/sub/b
          rm -r full; mkdir full; echo 3 > full/3  | C /full,D /full/1,A /full/3,D /full/of
          rm file; mkdir file; echo 1 > file/in    | C /file,A /file/in
          rm -r full; echo now a file > full       | C /full
          chmod 700 empty                          | C /empty
          chown 7:8 data/a                         | C /data,C /data/a
          mv data/a data/c                         | C /data,D /data/a,A /data/c
          ln -s nowhere dangling                   | A /dangling
          echo x > t; rm t                         | ''
          rm file; echo back > file                | C /file
          mkdir mounted/x; echo 1 > mounted/y      | ''
          """)
  void whatAShellDoesIsToldAsDockerDoes(String script, String changes) throws Exception {
    assertThat(changesBy(script)).isEqualTo(changes.isEmpty() ? List.of() : List.of(changes.split(",")));
  }

  @Test
  void aDirectoryThatWasOnlyOpenedToWriteBelowIsTheWayToAChange() throws Exception {
    assertThat(changesBy("touch -r data/sub/b stamp; echo x >> data/sub/b; touch -r stamp data/sub/b; rm stamp"))
        .containsExactly("C /data", "C /data/sub", "C /data/sub/b");
  }

  @Test
  void aNameOfAnyBytesIsTold() throws Exception {
    assertThat(changesBy("echo x > \"$(printf 'bad\\377name')\"; echo y > 'zwölf €'")).containsExactly("A /bad\uFFFDname", "A /zwölf €");
  }
}
