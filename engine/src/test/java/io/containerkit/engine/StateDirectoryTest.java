package io.containerkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {

  @TempDir Path root;

  @Test
  void aReservedIdHasItsOwnerAndNothingElseIsLeft() throws Exception {
    StateDirectory state = new StateDirectory(root, "boot.1.2.3");
    Path directory = state.reserve("web");
    assertThat(directory).isEqualTo(root.resolve("containers/web"));
    assertThat(state.owner("web")).contains("boot.1.2.3");
    assertThat(state.ids()).containsExactly("web");
  }

  @Test
  void anIdIsTakenOnce() {
    StateDirectory state = new StateDirectory(root, "boot.1.2.3");
    state.reserve("web");
    StateDirectory other = new StateDirectory(root, "boot.4.5.6");
    assertThatThrownBy(() -> other.reserve("web"))
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.ALREADY_EXISTS))
        .hasMessageContaining("\"web\" exists already");
    assertThat(state.owner("web")).contains("boot.1.2.3");
    assertThat(state.ids()).containsExactly("web");
  }

  @Test
  void ofManyWhoWantAnIdOneGetsIt() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Boolean>> attempts =
          IntStream.range(0, 50)
              .mapToObj(
                  i ->
                      (Callable<Boolean>)
                          () -> {
                            try {
                              new StateDirectory(root, "boot.1.1." + i).reserve("web");
                              return true;
                            } catch (EngineException taken) {
                              return false;
                            }
                          })
              .toList();
      int won = 0;
      for (Future<Boolean> attempt : threads.invokeAll(attempts)) {
        won += attempt.get() ? 1 : 0;
      }
      assertThat(won).isEqualTo(1);
    }
    assertThat(new StateDirectory(root, "").ids()).containsExactly("web");
  }

  @Test
  void removingFreesTheIdAndCanBeRepeated() throws Exception {
    StateDirectory state = new StateDirectory(root, "boot.1.2.3");
    Path directory = state.reserve("web");
    Files.createDirectories(directory.resolve("layer/upper"));
    Files.writeString(directory.resolve("config.json"), "{}");
    state.remove(directory);
    state.remove(directory);
    try (Stream<Path> left = Files.list(root.resolve("containers"))) {
      assertThat(left).isEmpty();
    }
    state.reserve("web");
  }

  @Test
  void removingDoesNotFollowLinks(@TempDir Path elsewhere) throws Exception {
    Files.writeString(elsewhere.resolve("precious"), "data");
    StateDirectory state = new StateDirectory(root, "boot.1.2.3");
    Path directory = state.reserve("web");
    Files.createSymbolicLink(directory.resolve("link"), elsewhere);
    state.remove(directory);
    assertThat(elsewhere.resolve("precious")).exists();
  }

  @Test
  void aStateDirectoryThatIsAFileIsOneClearError() throws Exception {
    Path file = Files.writeString(root.resolve("file"), "");
    assertThatThrownBy(() -> new StateDirectory(file, "boot.1.2.3").reserve("web"))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("cannot reserve container \"web\" in " + file);
  }

  @Test
  void theJournalReadsBackWhatItWrote() {
    StateDirectory state = new StateDirectory(root, "boot.1.2.3");
    Journal journal = new Journal(List.of("/usr/bin/crun", "--root=/run/x=y", "--debug"), Path.of("/b=c"), "/containerkit-web", new Belongings(List.of(Path.of("/o=1"), Path.of("/o 2")), List.of(Path.of("/v"))));
    journal.write(state, state.reserve("web"));
    assertThat(Journal.read(state, "web")).contains(journal);
    assertThat(Journal.read(state, "db")).isEmpty();
  }

  @Test
  void aJournalRefusesALineBreak() {
    StateDirectory state = new StateDirectory(root, "boot.1.2.3");
    Path directory = state.reserve("web");
    Journal journal = new Journal(List.of("crun"), Path.of("/b\ncgroup=/"), "/containerkit-web", Belongings.NONE);
    assertThatThrownBy(() -> journal.write(state, directory)).isInstanceOf(EngineException.class).hasMessageContaining("line break");
  }
}
