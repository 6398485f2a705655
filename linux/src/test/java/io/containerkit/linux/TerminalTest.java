package io.containerkit.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TerminalTest {

  private Leaks leaks;

  @BeforeEach
  void watch() throws InterruptedException {
    leaks = Leaks.watch();
  }

  @AfterEach
  void nothingIsLeft() {
    leaks.close();
  }

  @Test
  void aProcessHasThePtyAsItsControllingTerminal() throws Exception {
    try (Pty pty = Pty.open()) {
      pty.terminal().resize(new Terminal.Size(123, 45));
      Child child = Spawn.of("/bin/sh", "-c", "tty; stty size; test -t 0 && test -t 2 && echo terminal; read x </dev/tty; echo got $x").terminal(pty).start();
      InputStream in = FdInputStream.of(pty.master());
      assertThat(line(in)).isEqualTo(pty.peerPath().toString());
      assertThat(line(in)).isEqualTo("45 123");
      assertThat(line(in)).isEqualTo("terminal");
      FdOutputStream.of(pty.master()).write("typed\n".getBytes(StandardCharsets.UTF_8));
      assertThat(line(in)).isEqualTo("typed"); // the terminal's echo
      assertThat(line(in)).isEqualTo("got typed");
      assertThat(in.read()).isEqualTo(-1);
      assertThat(child.waitFor()).isEqualTo(new ExitStatus.Exited(0));
    }
  }

  @Test
  void aResizeReachesTheProcess() throws Exception {
    try (Pty pty = Pty.open()) {
      Child child = Spawn.of("/bin/bash", "-c", "trap 'stty size; exit 4' WINCH; echo ready; while :; do read -t 1 x; done").terminal(pty).start();
      InputStream in = FdInputStream.of(pty.master());
      assertThat(line(in)).isEqualTo("ready");
      pty.terminal().resize(new Terminal.Size(100, 50));
      assertThat(line(in)).isEqualTo("50 100");
      assertThat(child.waitFor()).isEqualTo(new ExitStatus.Exited(4));
    }
  }

  @Test
  void closingThePtyHangsUp() throws Exception {
    Child child;
    try (Pty pty = Pty.open()) {
      child = Spawn.of("/bin/cat").terminal(pty).start();
    }
    assertThat(child.waitFor()).isEqualTo(new ExitStatus.Signaled(Signal.HUP, false));
  }

  @Test
  void rawModePassesEveryByteAndIsUndone() throws Exception {
    try (Pty pty = Pty.open();
        Fd peer = Fd.open(pty.peerPath(), Fd.O_RDWR, 0)) {
      String before = SpawnTest.output(Spawn.of("stty", "-a").descriptor(0, peer));
      byte[] keys = {3, '\r', 4, 17, (byte) 0xff, 0};
      byte[] typed = new byte[keys.length];
      Terminal.RawMode raw = new Terminal(peer).rawMode();
      assertThat(SpawnTest.output(Spawn.of("stty", "-a").descriptor(0, peer))).contains("-icanon", "-echo", "-isig", "-opost", "min = 1");
      assertThat(pty.master().write(keys, 0, keys.length)).isEqualTo(keys.length);
      assertThat(peer.read(typed, 0, typed.length)).isEqualTo(keys.length);
      assertThat(typed).isEqualTo(keys);
      raw.close();
      raw.close();
      assertThat(SpawnTest.output(Spawn.of("stty", "-a").descriptor(0, peer))).isEqualTo(before);
    }
  }

  @Test
  void aFileIsNoTerminal() {
    try (Fd file = Fd.openToRead(Path.of("/proc/self/stat"));
        Pty pty = Pty.open()) {
      assertThat(Terminal.isTerminal(file)).isFalse();
      assertThat(Terminal.isTerminal(pty.master())).isTrue();
      assertThat(Terminal.isMaster(file)).isFalse();
    }
  }

  private static String line(InputStream in) throws Exception {
    StringBuilder line = new StringBuilder();
    int next;
    while ((next = in.read()) >= 0 && next != '\n') {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }
}
