package io.containerkit.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A JVM whose loop waits for something, and that exits.
@Timeout(120)
class JvmExitTest {

  /// HotSpot's patience with threads that are in native code.
  private static final Duration PATIENCE = Duration.ofMillis(300);

  private static final int ATTEMPTS = 5;

  /// The program: waits for a process that does not end, and exits in the way it is told.
  static final class Exiting {
    public static void main(String[] arguments) {
      Pipe pipe = Pipe.open(); // ends with this JVM, and the process with it
      var _ = Spawn.of("/bin/cat").descriptor(0, pipe.readEnd()).start().onExit();
      System.out.println(System.currentTimeMillis());
      if (arguments[0].equals("halt")) {
        EventLoop.leaveKernel();
        Runtime.getRuntime().halt(3);
      }
      System.exit(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit", "halt"})
  void doesNotWaitForTheLoop(String way) throws Exception {
    long fastest = Long.MAX_VALUE;
    for (int i = 0; i < ATTEMPTS; i++) {
      Process jvm = new ProcessBuilder(command(way)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      long begin = Long.parseLong(new String(jvm.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
      assertThat(jvm.waitFor()).isEqualTo(3);
      fastest = Math.min(fastest, System.currentTimeMillis() - begin);
    }
    assertThat(Duration.ofMillis(fastest)).isLessThan(PATIENCE);
  }

  @Test
  void theLoopStillServesWhileItLeavesTheKernel() throws Exception {
    try (EventLoop loop = new EventLoop()) {
      loop.lookWithoutWaiting();
      Child child = Spawn.of("/bin/sh", "-c", "exit 4").loop(loop).start();
      assertThat(child.waitFor()).isEqualTo(new ExitStatus.Exited(4));
    }
  }

  private static List<String> command(String way) {
    List<String> path = new ArrayList<>();
    for (String property : List.of("jdk.module.path", "java.class.path", "surefire.test.class.path")) {
      path.add(System.getProperty(property, ""));
    }
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        String.join(File.pathSeparator, path),
        Exiting.class.getName(),
        way);
  }
}
