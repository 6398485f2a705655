package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.linux.Child;
import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.EventLoop;
import io.containerkit.linux.FdInputStream;
import io.containerkit.linux.Pty;
import io.containerkit.linux.Signal;
import io.containerkit.linux.Spawn;
import io.containerkit.linux.Terminal;
import io.containerkit.testing.LeavesNothing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// ckit under a terminal of its own, with somebody who types and looks.
@LeavesNothing
class TerminalIT {

  @TempDir private Path directory;

  /// A terminal with ckit in it.
  private final class Screen implements AutoCloseable {

    final Pty pty = Pty.open();
    final Child child;
    private final FdInputStream output;
    private final StringBuilder seen = new StringBuilder();

    Screen(String... words) {
      pty.terminal().resize(new Terminal.Size(97, 31));
      child = Spawn.of(new Ckit(directory.resolve("state")).words(words)).environment(System.getenv()).terminal(pty).start();
      output = new FdInputStream(pty.master().duplicate(), EventLoop.shared());
    }

    /// Reads until this text has come, and forgets all up to its end.
    void expect(String text) {
      CompletableFuture.runAsync(() -> read(text)).orTimeout(Ckit.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    private void read(String text) {
      byte[] buffer = new byte[4096];
      try {
        int at = seen.indexOf(text);
        while (at < 0) {
          int count = output.read(buffer);
          assertThat(count).as("the screen ended before \"%s\": %s", text, seen).isPositive();
          seen.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
          at = seen.indexOf(text);
        }
        seen.delete(0, at + text.length());
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    void type(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      assertThat(pty.master().write(bytes, 0, bytes.length)).isEqualTo(bytes.length);
    }

    /// The settings of the terminal, as stty(1) saves them.
    String settings() throws IOException {
      Process stty = new ProcessBuilder("stty", "-g", "-F", pty.peerPath().toString()).start();
      return new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    ExitStatus end() throws InterruptedException {
      return child.waitFor(Ckit.PATIENCE).orElseThrow(() -> new AssertionError("ckit did not end; the screen shows " + seen));
    }

    @Override
    public void close() {
      child.signal(Signal.KILL);
      output.close();
      pty.close();
      Ckit.awaitLifelines(directory.resolve("state"));
    }
  }

  @Test
  void aShellIsTypedToResizedAndEndsWithItsCode() throws IOException, InterruptedException {
    try (Screen screen = new Screen("run", "-ti", "-e", "PS1=ready> ", "--rootfs", "/", "--", "/bin/sh")) {
      String before = screen.settings();
      screen.expect("ready> ");
      assertThat(screen.settings()).isNotEqualTo(before);
      screen.type("stty size\r");
      screen.expect("31 97");
      screen.expect("ready> ");
      screen.pty.terminal().resize(new Terminal.Size(123, 45));
      screen.type("while [ \"$(stty size)\" != '45 123' ]; do sleep 0.05; done; echo re''sized\r");
      screen.expect("resized");
      screen.type("tty; test -t 0 && test -t 1 && test -t 2 && echo a term''inal\r");
      screen.expect("a terminal");
      screen.type("exit 7\r");
      assertThat(screen.end()).isEqualTo(new ExitStatus.Exited(7));
      assertThat(screen.settings()).isEqualTo(before);
    }
  }

  @Test
  void controlCIsAKeyThatTheContainersTerminalTurnsIntoASignal() throws IOException, InterruptedException {
    try (Screen screen = new Screen("run", "-ti", "-e", "PS1=ready> ", "--rootfs", "/", "--", "/bin/sh")) {
      screen.expect("ready> ");
      // The key would also take back what is typed and not read yet.
      screen.type("echo sle''eping; sleep 1000\r");
      screen.expect("sleeping");
      screen.type("\u0003");
      screen.expect("ready> ");
      screen.type("echo sta''tus $?\r");
      screen.expect("status 130");
      screen.type("exit 0\r");
      assertThat(screen.end()).isEqualTo(new ExitStatus.Exited(0));
    }
  }

  @Test
  void theTerminalIsRestoredWhenCkitIsEndedByASignal() throws IOException, InterruptedException {
    try (Screen screen = new Screen("run", "-ti", "--sig-proxy", "false", "-e", "PS1=ready> ", "--rootfs", "/", "--", "/bin/sh")) {
      String before = screen.settings();
      screen.expect("ready> ");
      assertThat(screen.settings()).isNotEqualTo(before);
      screen.child.signal(Signal.TERM);
      assertThat(screen.end()).isEqualTo(new ExitStatus.Exited(128 + Signal.TERM.number()));
      assertThat(screen.settings()).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void aFurtherCommandHasATerminalOfItsOwn(String runtime) throws IOException, InterruptedException {
    Ckit ckit = new Ckit(directory.resolve("state"), "--runtime", runtime);
    assertThat(ckit.run("run", "-d", "--name", "first", "--rootfs", "/", "--", "sleep", "1000").code()).isZero();
    try (Screen screen = new Screen("--runtime", runtime, "exec", "-ti", "-e", "PS1=inside> ", "first", "/bin/sh")) {
      String before = screen.settings();
      screen.expect("inside> ");
      assertThat(screen.settings()).isNotEqualTo(before);
      screen.type("stty size\r");
      screen.expect("31 97");
      screen.expect("inside> ");
      screen.pty.terminal().resize(new Terminal.Size(123, 45));
      screen.type("while [ \"$(stty size)\" != '45 123' ]; do sleep 0.05; done; echo re''sized; exit 5\r");
      screen.expect("resized");
      assertThat(screen.end()).isEqualTo(new ExitStatus.Exited(5));
      assertThat(screen.settings()).isEqualTo(before);
    } finally {
      assertThat(ckit.run("delete", "-f", "first").code()).isZero();
    }
  }

  @Test
  void aFailureUnderATerminalIsOneLineAndLeavesItAsItWas() throws IOException, InterruptedException {
    try (Screen screen = new Screen("run", "-ti", "--rootfs", "/", "--", "no-such-program")) {
      String before = screen.settings();
      screen.expect("ckit: ");
      screen.expect("no-such-program");
      assertThat(screen.end()).isEqualTo(new ExitStatus.Exited(127));
      assertThat(screen.settings()).isEqualTo(before);
    }
  }

  /// A container that has the terminal itself could read from it what is typed, also after its end.
  @Test
  void withoutATerminalOfItsOwnACommandDoesNotGetTheCallersEither() throws InterruptedException {
    try (Screen screen = new Screen("run", "--rootfs", "/", "--", "/bin/sh", "-c", "test -t 1 || test -t 2 || echo no terminal")) {
      screen.expect("no terminal");
      assertThat(screen.end()).isEqualTo(new ExitStatus.Exited(0));
    }
  }

  @Test
  void pruneAsksAndTakesOnlyYesForYes() throws InterruptedException {
    String volumes = directory.resolve("volumes").toString();
    Ckit ckit = new Ckit(directory.resolve("state"), "--volumes", volumes);
    assertThat(ckit.run("volume", "create", "db").code()).isZero();
    for (String answer : new String[] {"\r", "n\r", "yesterday\r", "Y\r"}) {
      assertThat(ckit.run("volume", "ls", "-q").out()).isEqualTo("db\n");
      try (Screen screen = new Screen("--volumes", volumes, "volume", "prune", "-a")) {
        screen.expect("WARNING! This will remove all volumes that no container has.");
        screen.expect("Are you sure you want to continue? [y/N] ");
        screen.type(answer);
        screen.expect(answer.equals("Y\r") ? "db" : "Nothing was removed.");
        assertThat(screen.end()).isEqualTo(new ExitStatus.Exited(0));
      }
    }
    assertThat(ckit.run("volume", "ls", "-q").out()).isEmpty();
  }

  @Test
  void whatIsTypedWithoutInteractiveStaysOutside() throws InterruptedException {
    try (Screen screen = new Screen("run", "-t", "--rootfs", "/", "--", "/bin/sh", "-c", "test -t 1 && echo on a terminal")) {
      screen.expect("on a terminal");
      assertThat(screen.end()).isEqualTo(new ExitStatus.Exited(0));
    }
  }
}
