package io.containerkit.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.testing.LeavesNothing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs every example as a process of its own. What it must print is in `src/test/output`, in a file that is called as the example is:
/// a regular expression for all of it.
@Timeout(60)
@LeavesNothing
class ExamplesIT {

  private static final Path PROGRAMS = Path.of("src/main/java/io/containerkit/examples");
  private static final Path OUTPUT = Path.of("src/test/output");

  static List<String> calls() throws IOException {
    try (Stream<Path> files = Files.list(OUTPUT)) {
      return files.map(ExamplesIT::name).sorted().toList();
    }
  }

  private static String name(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.lastIndexOf('.'));
  }

  static List<String> programs() throws IOException {
    return calls().stream().map(call -> call.split(" ", -1)[0]).distinct().toList();
  }

  /// All calls of a program, one after the other: only all of them together leave nothing.
  @ParameterizedTest
  @MethodSource("programs")
  void doesWhatItSays(String program) throws Exception {
    for (String call : calls()) {
      if (call.equals(program) || call.startsWith(program + " ")) {
        doesWhatItSaysOnce(call);
      }
    }
  }

  private static void doesWhatItSaysOnce(String call) throws Exception {
    String expected = Files.readString(OUTPUT.resolve(call + ".txt"));
    Process process = start(call.split(" ", -1));
    assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)).matches(expected);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  private static Process start(String[] call) throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dstdout.encoding=UTF-8",
                "--enable-native-access=io.containerkit.linux,com.github.luben.zstd_jni",
                "-p",
                Objects.requireNonNull(System.getProperty("jdk.module.path"), "the tests run on the module path"),
                "-m"));
    words.add("io.containerkit.examples/io.containerkit.examples." + call[0]);
    words.addAll(List.of(call).subList(1, call.length));
    return new ProcessBuilder(words).redirectErrorStream(true).start();
  }

  @Test
  void noExampleIsLeftOut() throws IOException {
    try (Stream<Path> files = Files.list(PROGRAMS)) {
      List<String> programs = files.map(ExamplesIT::name).filter(name -> !name.equals("package-info")).sorted().toList();
      assertThat(programs()).isEqualTo(programs);
    }
  }

  @Test
  void everyExampleIsShortAndSaysWhatItDoes() throws IOException {
    try (Stream<Path> files = Files.list(PROGRAMS)) {
      for (Path file : files.toList()) {
        assertThat(Files.readAllLines(file)).as("%s", file).hasSizeLessThan(60).anyMatch(line -> line.startsWith("/// "));
      }
    }
  }
}
