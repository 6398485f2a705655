package io.containerkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RootDirectoriesTest {

  @TempDir private Path directory;

  private Path root() throws IOException {
    return Files.createDirectories(directory.resolve("root"));
  }

  private void make(String... wanted) throws IOException {
    try (RootDirectories directories = new RootDirectories(root())) {
      for (String place : wanted) {
        directories.make(place).close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "proc", "sys", "etc"})
  void aLinkInThePlaceOfADirectoryIsRefused(String name) throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.createSymbolicLink(root().resolve(name), outside);
    assertThatThrownBy(() -> RootDirectories.check(root()))
        .isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_CONFIG))
        .hasMessage("the root " + root() + " cannot be used: /" + name + " in it is no directory but of type SYMBOLIC_LINK");
  }

  @Test
  void aFileInThePlaceOfADirectoryIsRefused() throws IOException {
    Files.createFile(root().resolve("etc"));
    assertThatThrownBy(() -> RootDirectories.check(root())).isInstanceOf(ImageException.class).hasMessageContaining("/etc");
  }

  @Test
  void whatIsMissingIsMadeAndWhatIsThereStays() throws IOException {
    Files.createDirectories(root().resolve("etc"));
    Path there = Files.createDirectories(root().resolve("data/there"));
    Files.setPosixFilePermissions(there, PosixFilePermissions.fromString("rwx------"));
    make("/data/there", "/data/new/deep", "relative/../other", "/");
    assertThat(Files.getPosixFilePermissions(there)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(Files.getPosixFilePermissions(root().resolve("data/new/deep"))).isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(root().resolve("other")).isDirectory();
    assertThat(root().resolve("relative")).doesNotExist();
  }

  @Test
  void linksAreFollowedInsideOfTheRootOnly() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.createSymbolicLink(root().resolve("absolute"), outside.toAbsolutePath());
    Files.createDirectory(root().resolve("inner"));
    Files.createSymbolicLink(root().resolve("link"), Path.of("/inner"));
    make("/link/made");
    assertThat(root().resolve("inner/made")).isDirectory();
    for (String wanted : List.of("/absolute/made", "/absolute")) {
      assertThatThrownBy(() -> make(wanted))
          .isInstanceOf(ImageException.class)
          .hasMessageContaining(wanted + " in it cannot be made a directory");
    }
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void aFileOnTheWayIsRefused() throws IOException {
    Files.createFile(root().resolve("file"));
    for (String wanted : List.of("/file", "/file/below")) {
      assertThatThrownBy(() -> make(wanted))
          .isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_CONFIG));
    }
  }
}
