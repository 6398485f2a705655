package io.containerkit.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.linux.Fd;
import io.containerkit.linux.FileAt;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VolumesTest {

  @TempDir Path temporary;
  private Volumes volumes = Volumes.open(Path.of("unset"));

  @BeforeEach
  void open() {
    volumes = Volumes.open(root());
  }

  private Path root() {
    return temporary.resolve("volumes");
  }

  /// What a container has a volume by.
  private Path lease(String name, String container) throws IOException {
    Path directory = Files.createDirectories(temporary.resolve("containers").resolve(container));
    String lease = Storage.newName();
    assertThat(volumes.directory(name).lease(lease, directory)).isTrue();
    return volumes.directory(name).lease(lease);
  }

  private void assertOnlyThere(String... names) throws IOException {
    try (var entries = Files.list(root())) {
      assertThat(entries.map(entry -> entry.getFileName().toString())).containsExactlyInAnyOrder(names);
    }
  }

  private static void assertRefused(ErrorKind kind, String message, Callable<?> call) {
    assertThatThrownBy(call::call)
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessage(message);
  }

  @Test
  void aVolumeIsThereUntilItIsRemoved() throws Exception {
    assertThat(volumes.list()).isEmpty();
    Volume made = volumes.create("db", Map.of("team", "blue"));
    assertThat(made.labels()).isEqualTo(Map.of("team", "blue"));
    assertThat(made.path()).isDirectory().isEmptyDirectory();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made.path()))).isEqualTo("rwxr-xr-x");
    Files.writeString(made.path().resolve("kept"), "x");

    assertThat(volumes.create("db", Map.of("team", "red"))).as("made again").isEqualTo(made);
    assertThat(Volumes.open(root()).list()).containsExactly(made);
    assertThat(made.path().resolve("kept")).exists();

    volumes.remove("db");
    assertThat(volumes.find("db")).isEmpty();
    assertOnlyThere();
    assertRefused(ErrorKind.NOT_FOUND, "volume \"db\" does not exist", () -> volumes.get("db"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", ".", "..", ".hidden", "-x", "_x", "a/b", "../etc", "a b", "a\nb", "a:b", "ü2", "a\0b"})
  void whatCannotBeANameIsRefused(String name) {
    assertRefused(
        ErrorKind.INVALID_ID,
        "invalid name of a volume: \"" + name.replace('\n', '?').replace('\0', '?') + "\"; it takes 2 to 255 of A-Z a-z 0-9 _ . -, the first a letter or digit",
        () -> volumes.create(name));
    assertThat(root()).doesNotExist();
  }

  @Test
  void theLongestNameIsThatOfAFile() throws Exception {
    String longest = "x".repeat(255);
    assertThat(volumes.create(longest).name()).isEqualTo(longest);
    assertThatThrownBy(() -> volumes.create(longest + "x")).isInstanceOf(EngineException.class);
    volumes.remove(longest);
    assertOnlyThere();
  }

  @Test
  void aVolumeThatAContainerHasIsNotRemoved() throws Exception {
    volumes.create("db");
    Path first = lease("db", "web");
    Path second = lease("db", "app");
    assertThat(volumes.get("db").users()).containsExactly("app", "web");
    assertRefused(
        ErrorKind.BUSY,
        "volume \"db\" is in use by container app, web: delete it first",
        () -> {
          volumes.remove("db");
          return null;
        });
    assertThat(volumes.prune(true)).isEmpty();
    Files.delete(first);
    assertThat(volumes.prune(true)).isEmpty();
    Files.delete(second);
    assertThat(volumes.prune(true)).extracting(Volume::name).containsExactly("db");
  }

  @Test
  void whatIsLeftOfContainersThatAreGoneKeepsNothing() throws Exception {
    volumes.create("db");
    Path directory = Files.createDirectories(temporary.resolve("containers/web"));
    assertThat(volumes.directory("db").lease("0123456789ab-1f", directory)).as("of another boot").isTrue();
    assertThat(volumes.directory("db").lease(Storage.newName(), temporary.resolve("containers/none"))).as("without a container").isTrue();
    assertThat(volumes.get("db").isUsed()).isFalse();
    volumes.remove("db");
    assertOnlyThere();
  }

  @Test
  void withoutBeingAskedForAllOnlyTheNamelessArePruned() throws Exception {
    volumes.create("db");
    Volume nameless = volumes.create();
    assertThat(nameless.name()).matches("[0-9a-f]{64}");
    assertThat(nameless.anonymous()).isTrue();
    assertThat(volumes.prune(false)).containsExactly(nameless);
    assertOnlyThere("db");
  }

  @Test
  void whatAKilledProcessWasMakingOrRemovingIsNoVolumeAndGoes() throws Exception {
    Files.createDirectories(root().resolve(".new-0123456789ab.1.1.1/data"));
    Files.createDirectories(root().resolve(".old-0123456789ab.1.1.2/data/x"));
    Path working = Files.createDirectories(root().resolve(".new-" + Token.ofThisProcess(77)));
    Files.createDirectories(root().resolve("half/data/old"));
    Files.createDirectories(root().resolve("other/data/old"));
    assertThat(volumes.list()).isEmpty();
    assertThat(volumes.create("half").path()).isEmptyDirectory();
    assertThat(volumes.prune(false)).isEmpty();
    assertOnlyThere("half", working.getFileName().toString());
  }

  @Test
  void ofManyWhoMakeAndRemoveItEachSeesItWholeOrNotAtAll() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      List<Future<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        boolean makes = i % 2 == 0;
        all.add(
            threads.submit(
                () -> {
                  for (int turn = 0; turn < 100; turn++) {
                    if (makes) {
                      assertThat(volumes.create("shared").name()).isEqualTo("shared");
                    } else {
                      volumes.prune(true);
                    }
                  }
                  return true;
                }));
      }
      for (Future<Boolean> one : all) {
        assertThat(one.get()).isTrue();
      }
    }
    volumes.create("shared");
    volumes.prune(true);
    assertOnlyThere();
  }

  private void fill(Path from) throws InterruptedException {
    try (Fd source = FileAt.openDirectory(from)) {
      volumes.directory("db").fill(source);
    }
  }

  private Path tree() throws IOException {
    Path tree = temporary.resolve("tree");
    Files.createDirectories(tree.resolve("inner"));
    Files.writeString(tree.resolve("inner/file"), "of the image");
    Files.createLink(tree.resolve("link"), tree.resolve("inner/file"));
    Files.createSymbolicLink(tree.resolve("dangling"), Path.of("/nowhere"));
    Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("rwxr-x---"));
    return tree;
  }

  @Test
  void anEmptyVolumeIsFilledOnce() throws Exception {
    Path data = volumes.create("db").path();
    fill(tree());
    assertThat(data.resolve("inner/file")).hasContent("of the image");
    assertThat(Files.isSameFile(data.resolve("link"), data.resolve("inner/file"))).isTrue();
    assertThat(Files.readSymbolicLink(data.resolve("dangling"))).isEqualTo(Path.of("/nowhere"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data))).isEqualTo("rwxr-x---");
    Files.delete(data.resolve("dangling"));
    fill(otherTree());
    assertThat(data.resolve("other")).doesNotExist();
    assertThat(data.resolve("dangling")).doesNotExist();
  }

  private Path otherTree() throws IOException {
    Path tree = Files.createDirectories(temporary.resolve("tree2"));
    Files.writeString(tree.resolve("other"), "x");
    return tree;
  }

  @Test
  void aCopyThatWasBrokenOffIsMadeAgain() throws Exception {
    Path data = volumes.create("db").path();
    Files.createDirectories(root().resolve("db/copying/inner"));
    Files.writeString(root().resolve("db/copying/half"), "hal");
    fill(tree());
    assertThat(data.resolve("half")).doesNotExist();
    assertThat(data.resolve("inner/file")).hasContent("of the image");
    assertThat(root().resolve("db/copying")).doesNotExist();
  }

  @Test
  void aWholeCopyIsMovedToItsEndWhateverIsThere() throws Exception {
    Path data = volumes.create("db").path();
    Files.createDirectories(root().resolve("db/filled"));
    Files.write(root().resolve("db/filled/rest"), "rest".getBytes(UTF_8));
    Files.write(root().resolve("db/filled/both"), "of the image".getBytes(UTF_8));
    Files.write(data.resolve("both"), "of a container".getBytes(UTF_8));
    fill(tree());
    assertThat(data.resolve("rest")).hasContent("rest");
    assertThat(data.resolve("both")).hasContent("of a container");
    assertThat(data.resolve("inner")).doesNotExist();
    assertThat(root().resolve("db/filled")).doesNotExist();
  }
}
