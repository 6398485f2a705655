package io.containerkit.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.Signal;
import io.containerkit.linux.Terminal;
import io.containerkit.spec.ContainerException;
import io.containerkit.spec.ProcessSpec;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Terminals of containers, on runc.
class ConsoleIT extends RuntimeFixture {

  private static final Terminal.Size SIZE = new Terminal.Size(80, 24);

  @Override
  OciRuntimeBuilder builder(Path directory) {
    return OciRuntime.builder("runc");
  }

  @Test
  void theTerminalHasItsFirstSizeAndCanBeResized() throws Exception {
    Path bundle = bundles.terminal("tty", "stty size; read line; stty size; exit 3");
    try (ContainerProcess process = runtime.create("tty", bundle, Stdio.terminal(new Terminal.Size(111, 33)))) {
      runtime.start("tty");
      var lines = new java.io.BufferedReader(new java.io.InputStreamReader(process.stdout(), UTF_8));
      assertThat(lines.readLine()).isEqualTo("33 111");
      process.terminal().orElseThrow().resize(new Terminal.Size(90, 20));
      process.stdin().write("go\n".getBytes(UTF_8));
      assertThat(lines.readLine()).isEqualTo("go"); // the terminal's echo
      assertThat(lines.readLine()).isEqualTo("20 90");
      assertThat(lines.readLine()).isNull();
      assertThat(process.waitFor()).isEqualTo(new ExitStatus.Exited(3));
      runtime.delete("tty");
    }
  }

  @Test
  void aTerminalForWhichDescriptorsRunOutLeavesNothing() throws Exception {
    ScarceDescriptors.loadClasses();
    Path bundle = bundles.terminal("scarce", "sleep 1000");
    runtime.create("scarce", bundle, Stdio.terminal(SIZE)).close(); // what is made once and stays is made now
    runtime.deleteForcibly("scarce");
    boolean created = false;
    for (int left = 10; !created; left++) {
      try (ScarceDescriptors _ = ScarceDescriptors.leaving(left)) {
        runtime.create("scarce", bundle, Stdio.terminal(SIZE)).close();
        created = true;
      } catch (ContainerException e) {
        assertThat(e.getSuppressed()).as("with %d left: %s", left, e.getMessage()).isEmpty();
      }
      assertThat(runtime.list()).hasSize(created ? 1 : 0);
    }
    runtime.deleteForcibly("scarce");
  }

  @Test
  void aTerminalThatNobodyHasOpenIsNotAtItsEnd() throws Exception {
    String script = "echo before; exec </dev/null >/dev/null 2>&1; sleep 0.2; echo after > /dev/console";
    try (ContainerProcess process = runtime.create("closes", bundles.terminal("closes", script), Stdio.terminal(SIZE))) {
      runtime.start("closes");
      assertThat(process.stdout().readAllBytes()).asString(UTF_8).isEqualTo("before\r\nafter\r\n");
      assertThat(process.waitFor()).isEqualTo(new ExitStatus.Exited(0));
      runtime.delete("closes");
    }
  }

  @Test
  void anExecHasATerminalOfItsOwn() throws Exception {
    try (ContainerProcess init = runtime.create("exec", bundles.script("exec", "sleep 1000"), Stdio.none())) {
      runtime.start("exec");
      ExecOptions options = ExecOptions.builder().stdio(Stdio.terminal(new Terminal.Size(70, 10))).build();
      ProcessSpec shell = ProcessSpec.command("/bin/sh", "-c", "stty size").env("PATH=/bin").terminal(true).build();
      try (ContainerProcess process = runtime.exec("exec", shell, options)) {
        assertThat(process.stdout().readAllBytes()).asString(UTF_8).isEqualTo("10 70\r\n");
      }
      try (ContainerProcess process = runtime.exec("exec", ExecCommand.of("/bin/cat"), options)) {
        process.stdin().write("typed\n\4".getBytes(UTF_8));
        assertThat(process.stdout().readAllBytes()).asString(UTF_8).isEqualTo("typed\r\ntyped\r\n");
        assertThat(process.waitFor()).isEqualTo(new ExitStatus.Exited(0));
      }
      init.signal(Signal.KILL);
      init.waitFor();
      runtime.delete("exec");
    }
  }
}
