package io.containerkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.containerkit.spec.KernelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ConsoleSocketTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path directory;
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
  void receivesTheTerminalThatWasSentBeforeAnybodyAsked() throws Exception {
    try (ConsoleSocket console = listen();
        Pty pty = Pty.open()) {
      send(console.path(), List.of(pty.master()));
      try (Fd received = console.receive(LONG).orElseThrow()) {
        assertThat(received.number()).isNotEqualTo(pty.master().number());
        pty.terminal().resize(new Terminal.Size(90, 30));
        assertThat(new Terminal(received).size()).isEqualTo(new Terminal.Size(90, 30));
      }
      assertThat(directory).isEmptyDirectory();
    }
  }

  @Test
  void waitsForATerminalThatComesLater() throws Exception {
    try (ConsoleSocket console = listen();
        Pty pty = Pty.open()) {
      CompletableFuture<Fd> received = receiving(console);
      send(console.path(), List.of(pty.master()));
      try (Fd master = received.get()) {
        assertThat(Terminal.isTerminal(master)).isTrue();
      }
    }
  }

  @Test
  void passesAConnectionWithoutATerminalOver() throws Exception {
    try (ConsoleSocket console = listen();
        Pty pty = Pty.open()) {
      send(console.path(), List.of());
      assertThat(console.receive(Duration.ofMillis(20))).isEmpty();
      send(console.path(), List.of(pty.master()));
      console.receive(LONG).orElseThrow().close();
    }
  }

  @Test
  void keepsOneDescriptorOfSeveral() throws Exception {
    try (ConsoleSocket console = listen();
        Pty pty = Pty.open();
        Fd other = Fd.openNull()) {
      send(console.path(), List.of(pty.master(), other, other));
      try (Fd received = console.receive(LONG).orElseThrow()) {
        assertThat(Terminal.isTerminal(received)).isTrue();
      }
    }
  }

  @Test
  void givesUpAtTheDeadlineAndLeavesNoFile() throws Exception {
    try (ConsoleSocket console = listen()) {
      assertThat(console.receive(Duration.ofMillis(20))).isEmpty();
      assertThat(directory).isNotEmptyDirectory();
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void closingWakesWhoeverWaits() {
    ConsoleSocket console = listen();
    CompletableFuture<Fd> received = receiving(console);
    console.close();
    assertThatExceptionOfType(ExecutionException.class).isThrownBy(received::get).withMessageContaining("EBADF");
  }

  @Test
  void refusesAPathThatTheKernelWouldCut() {
    Path tooLong = directory.resolve("x".repeat(100));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConsoleSocket.listen(tooLong, EventLoop.shared()))
        .withMessageContaining("at most 107 bytes")
        .withMessageContaining("use a shorter directory");
  }

  @Test
  void refusesAPlaceThatIsTaken() {
    try (ConsoleSocket console = listen()) {
      assertThatExceptionOfType(KernelException.class)
          .isThrownBy(() -> ConsoleSocket.listen(console.path(), EventLoop.shared()))
          .withMessage("bind " + console.path() + ": EADDRINUSE (Address already in use)");
    }
  }

  private ConsoleSocket listen() {
    return ConsoleSocket.listen(directory.resolve("tty"), EventLoop.shared());
  }

  private static CompletableFuture<Fd> receiving(ConsoleSocket console) {
    CompletableFuture<Fd> received = new CompletableFuture<>();
    Thread.startVirtualThread(
        () -> {
          try {
            received.complete(console.receive(LONG).orElseThrow());
          } catch (InterruptedException | RuntimeException e) {
            received.completeExceptionally(e);
          }
        });
    return received;
  }

  /// Does what a runtime does.
  private static void send(Path path, List<Fd> descriptors) {
    try (Fd socket = UnixSocket.open()) {
      UnixSocket.connect(socket, path);
      UnixSocket.send(socket, "/dev/ptmx".getBytes(StandardCharsets.US_ASCII), descriptors);
    }
  }
}
