package io.containerkit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.image.ImageConfig.Defaults;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigChangesTest {

  private static final Defaults BASE =
      Defaults.NONE.withEnv(List.of("A=1", "B=2")).withEntrypoint(List.of("/entry")).withCmd(List.of("old")).withWorkingDir("/srv");

  private static Defaults apply(String... instructions) {
    return ConfigChanges.apply(BASE, List.of(instructions));
  }

  @Test
  void aCommandIsAnArrayOrTextForAShell() {
    assertThat(apply("CMD [\"serve\", \"--all files\"]").cmd()).containsExactly("serve", "--all files");
    assertThat(apply("cmd serve  \"all files\"").cmd()).containsExactly("/bin/sh", "-c", "serve  \"all files\"");
    assertThat(apply("ENTRYPOINT []").entrypoint()).isEmpty();
  }

  @Test
  void anEntryPointTakesTheCommandAwayThatWasMadeForAnother() {
    assertThat(apply("ENTRYPOINT [\"/new\"]")).isEqualTo(BASE.withEntrypoint(List.of("/new")).withCmd(List.of()));
    assertThat(apply("CMD [\"new\"]", "ENTRYPOINT [\"/new\"]").cmd()).containsExactly("new");
    assertThat(apply("ENTRYPOINT [\"/new\"]", "CMD [\"new\"]").cmd()).containsExactly("new");
  }

  @Test
  void variablesAreReplacedByName() {
    assertThat(apply("ENV B=x C=\"two words\" D=it\\'s", "ENV A all of  the rest").env())
        .containsExactly("A=all of  the rest", "B=x", "C=two words", "D=it's");
  }

  @Test
  void labelsPortsAndVolumesAreAdded() {
    Defaults changed = apply("LABEL org.example.a=1 b='2 3'", "LABEL b=4", "EXPOSE 80 53/udp", "EXPOSE 80/tcp", "VOLUME [\"/a b\"]", "VOLUME /c /d");
    assertThat(changed.labels()).isEqualTo(Map.of("org.example.a", "1", "b", "4"));
    assertThat(changed.exposedPorts()).containsExactly("80/tcp", "53/udp");
    assertThat(changed.volumes()).containsExactly("/a b", "/c", "/d");
  }

  @ParameterizedTest
  @CsvSource({"/x,/x", "x,/srv/x", "x/../y,/srv/x/../y"})
  void aRelativeWorkingDirectoryStartsAtTheOneBefore(String value, String directory) {
    assertThat(apply("WORKDIR " + value).workingDir()).isEqualTo(directory);
    assertThat(ConfigChanges.apply(Defaults.NONE, List.of("WORKDIR x")).workingDir()).isEqualTo("/x");
  }

  @Test
  void userAndStopSignalAreReplaced() {
    assertThat(apply("USER app:staff", "STOPSIGNAL SIGQUIT")).isEqualTo(BASE.withUser("app:staff").withStopSignal("SIGQUIT"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "CMD", "CMD   ", "RUN ls", "HEALTHCHECK NONE", "ENV =x", "ENV A=1 B", "LABEL 'open", "EXPOSE http", "EXPOSE 80/icmp", "CMD [1]", "CMD [\"a\",]"})
  void whatIsNotUnderstoodIsRefused(String instruction) {
    assertThatThrownBy(() -> apply(instruction))
        .isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_ARGUMENT))
        .hasMessageStartingWith("the change \"" + instruction + "\" is not understood: ");
  }
}
