package io.containerkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.image.ImageConfig.Defaults;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.ProcessSpec;
import io.containerkit.spec.Spec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InheritanceTest {

  private static final Defaults IMAGE =
      new Defaults(
          "app:staff",
          List.of("80/tcp"),
          List.of("PATH=/opt/bin:/bin", "LANG=C.UTF-8", "EMPTY=", "no assignment", "=nameless", "LANG=de_DE.UTF-8"),
          List.of("/entry"),
          List.of("serve", "--all"),
          List.of("/data"),
          "srv/./www/../app/",
          Map.of("org.example.team", "blue", "io.kubernetes.cri.whatever", "1"),
          "SIGQUIT",
          JsonObject.EMPTY.with("Healthcheck", JsonObject.EMPTY.with("Interval", 5)));

  private static ProcessSpec process(Spec spec) {
    return Objects.requireNonNull(spec.process());
  }

  private static Defaults with(String workingDir, String stopSignal) {
    return new Defaults("", List.of(), List.of(), List.of(), List.of(), List.of(), workingDir, Map.of(), stopSignal, JsonObject.EMPTY);
  }

  @Test
  void theImagesVariablesOutweighTheDefaultsAndTheLastOfAName() {
    assertThat(process(Inheritance.applied(Spec.defaults(), IMAGE)).env())
        .containsExactly("PATH=/opt/bin:/bin", "LANG=de_DE.UTF-8", "EMPTY=");
  }

  @Test
  void withoutAPathOfTheImageThereIsTheUsualOne() {
    assertThat(process(Inheritance.applied(Spec.defaults(), Defaults.NONE)).env())
        .containsExactly("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  }

  @ParameterizedTest
  @CsvSource({"'',/", "app,/app", "/srv/./www/../app/,/srv/app", "/../..,/", "//x//,/x", "/procession,/procession", "/ä ö,/ä ö"})
  void theWorkingDirectoryIsAbsolute(String image, String cwd) {
    assertThat(process(Inheritance.applied(Spec.defaults(), with(image, ""))).cwd()).isEqualTo(cwd);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/proc", "/proc/self/fd/7", "proc/1/cwd", "/tmp/../proc/self/fd/8/../../x", "/a\0b"})
  void aWorkingDirectoryThatMayBeTheHostsIsRefused(String image) {
    assertRefused("WorkingDir", with(image, ""));
  }

  @Test
  void theStopSignalIsKeptByItsNumber() {
    assertThat(Inheritance.applied(Spec.defaults(), IMAGE).annotations()).containsExactly(Map.entry(Inheritance.STOP_SIGNAL, "3"));
    assertRefused("StopSignal", with("", "SIGNOTHING"));
  }

  private static void assertRefused(String member, Defaults image) {
    assertThatThrownBy(() -> Inheritance.applied(Spec.defaults(), image))
        .isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_CONFIG))
        .hasMessageStartingWith("the image's configuration cannot be used: its " + member + " \"");
  }

  @Test
  void labelsSteerNothing() {
    assertThat(Inheritance.applied(Spec.defaults(), IMAGE).annotations()).doesNotContainKeys("org.example.team", "io.kubernetes.cri.whatever");
  }

  @Test
  void onlyTheProcessAndTheStopSignalComeFromTheImage() {
    Spec base = Spec.defaults();
    Spec applied = Inheritance.applied(base, IMAGE);
    assertThat(applied.toBuilder().process(base.process()).annotations(Map.of()).build()).isEqualTo(base);
    assertThat(process(applied).toBuilder().env(process(base).env()).cwd("/").build()).isEqualTo(base.process());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          -,    -,     /entry serve --all
          -,    other, /entry other
          -,    '',    /entry
          mine, -,     mine
          mine, other, mine other
          '',   -,     ''
          '',   other, other
          """)
  void theCommandLineIsAsDockerHasIt(String entrypoint, String command, String whole) {
    Choices choices = new Choices(words(entrypoint), words(command), null, Map.of());
    assertThat(Inheritance.arguments(IMAGE, choices)).isEqualTo(words(whole));
  }

  private static @Nullable List<String> words(@Nullable String text) {
    return text == null ? null : text.isEmpty() ? List.of() : List.of(text.split(" "));
  }

  @Test
  void whatIsCommittedIsWhatTheContainerWasTold() {
    Spec spec = Inheritance.applied(Spec.defaults(), IMAGE);
    spec = spec.toBuilder().process(process(spec).toBuilder().env("A=1").cwd("/elsewhere").build()).build();
    Choices choices = new Choices(null, List.of("other"), "0", Map.of("org.example.team", "red"));
    assertThat(Inheritance.effective(IMAGE, choices, spec))
        .isEqualTo(
            new Defaults(
                "0",
                IMAGE.exposedPorts(),
                List.of("A=1"),
                List.of("/entry"),
                List.of("other"),
                List.of("/data"),
                "/elsewhere",
                Map.of("org.example.team", "red", "io.kubernetes.cri.whatever", "1"),
                "SIGQUIT",
                IMAGE.extra()));
    assertThat(Inheritance.effective(IMAGE, Choices.NONE, spec).user()).isEqualTo("app:staff");
  }
}
