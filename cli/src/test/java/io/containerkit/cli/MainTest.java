package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MainTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... words) {
    return Main.run(
        new Session(
            new PrintStream(out, false, StandardCharsets.UTF_8), new PrintStream(err, false, StandardCharsets.UTF_8)),
        words);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void helpGoesToStandardOutputAndIsNoFailure() {
    assertThat(run("run", "--help")).isZero();
    assertThat(out()).startsWith("Runs a command in a new container.\n\nUsage: ckit run");
    assertThat(err()).isEmpty();
  }

  @Test
  void aMistakeIsOneLineOnStandardErrorAndOurFailure() {
    assertThat(run("rnu")).isEqualTo(125);
    assertThat(out()).isEmpty();
    assertThat(err()).isEqualTo("ckit: unknown command \"rnu\"; did you mean run? (ckit help lists all)\n");
  }

  @Test
  void aRuntimeThatIsNotThereIsOurFailure() {
    assertThat(run("--runtime", "/nowhere/runtime", "features")).isEqualTo(125);
    assertThat(err()).startsWith("ckit: ").contains("/nowhere/runtime").hasLineCount(1);
  }

  @Test
  void anIdThatIsNoneIsOurFailure() {
    assertThat(run("state", "../x")).isEqualTo(125);
    assertThat(err()).startsWith("ckit: \"../x\" is not a container id").hasLineCount(1);
  }
}
