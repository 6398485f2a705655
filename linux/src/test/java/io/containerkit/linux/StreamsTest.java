package io.containerkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class StreamsTest {

  private static final long SEED = 20261124;

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

  /// More than the pipe holds, so both sides have to wait for each other.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyByteArrivesWhateverTheModeOfTheDescriptors(boolean nonBlocking) throws Exception {
    byte[] sent = new byte[1 << 20];
    new Random(SEED).nextBytes(sent);
    Pipe pipe = Pipe.open();
    if (nonBlocking) {
      pipe.readEnd().setNonBlocking();
      pipe.writeEnd().setNonBlocking();
    }
    CompletableFuture<byte[]> received =
        inBackground(
            () -> {
              try (InputStream in = new FdInputStream(pipe.readEnd(), EventLoop.shared())) {
                return in.readAllBytes();
              }
            });
    try (OutputStream out = new FdOutputStream(pipe.writeEnd(), EventLoop.shared())) {
      out.write(sent);
    }
    assertThat(received.get(30, TimeUnit.SECONDS)).isEqualTo(sent);
  }

  @Test
  void aRegularFileIsReadAndWritten() throws Exception {
    Path file = directory.resolve("file");
    try (OutputStream out = new FdOutputStream(Fd.openToWrite(file, true), EventLoop.shared())) {
      out.write("text".getBytes(StandardCharsets.UTF_8));
    }
    try (InputStream in = FdInputStream.of(Fd.openToRead(file))) {
      assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("text");
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
  }

  @Test
  void closingWakesAReaderInAnotherThread() throws Exception {
    try (Pipe pipe = Pipe.open()) {
      InputStream in = FdInputStream.of(pipe.readEnd());
      CompletableFuture<Integer> read = inBackground(in::read);
      while (pipe.readEnd().watch() == null) {
        Thread.onSpinWait();
      }
      in.close();
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> read.get(30, TimeUnit.SECONDS))
          .withCauseInstanceOf(IOException.class)
          .withMessageContaining("stream closed");
      assertThatIOException().isThrownBy(in::read).withMessage("stream closed");
    }
  }

  @Test
  void anInterruptWakesAReaderAndLosesNothing() throws Exception {
    try (Pipe pipe = Pipe.open()) {
      InputStream in = FdInputStream.of(pipe.readEnd());
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(in::read);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(pipe.writeEnd().write(new byte[] {7}, 0, 1)).isEqualTo(1);
      assertThat(in.read()).isEqualTo(7);
    }
  }

  @Test
  void writingToAPipeThatNobodyReadsIsAnError() {
    try (Pipe pipe = Pipe.open()) {
      OutputStream out = FdOutputStream.of(pipe.writeEnd());
      pipe.readEnd().close();
      assertThatIOException().isThrownBy(() -> out.write(1)).withMessageContaining("EPIPE");
    }
  }

  @Test
  void aDescriptorInUseIsClosedWhenTheLastUserIsDone() {
    try (Pipe pipe = Pipe.open()) {
      Fd fd = pipe.readEnd();
      assertThat(fd.acquire()).isTrue();
      fd.close();
      assertThat(fd.isClosed()).isTrue();
      assertThat(fd.acquire()).isFalse();
      assertThat(fd.path()).exists();
      fd.release();
      assertThat(fd.path()).doesNotExist();
    }
  }

  /// A hundred children that each wait for their input, and no thread for any of them.
  @Test
  void manyStreamsNeedNoThreadEach() throws Exception {
    List<Child> children = new ArrayList<>();
    List<OutputStream> inputs = new ArrayList<>();
    List<CompletableFuture<byte[]>> outputs = new ArrayList<>();
    int threads = Thread.activeCount();
    for (int i = 0; i < 100; i++) {
      Pipe in = Pipe.open();
      Pipe out = Pipe.open();
      children.add(Spawn.of("/bin/cat").descriptor(0, in.readEnd()).descriptor(1, out.writeEnd()).start());
      in.readEnd().close();
      out.writeEnd().close();
      inputs.add(FdOutputStream.of(in.writeEnd()));
      outputs.add(
          inBackground(
              () -> {
                try (InputStream stream = FdInputStream.of(out.readEnd())) {
                  return stream.readAllBytes();
                }
              }));
    }
    assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads);
    for (int i = 0; i < 100; i++) {
      inputs.get(i).write(("line " + i).getBytes(StandardCharsets.UTF_8));
      inputs.get(i).close();
    }
    for (int i = 0; i < 100; i++) {
      assertThat(outputs.get(i).get(30, TimeUnit.SECONDS)).asString(StandardCharsets.UTF_8).isEqualTo("line " + i);
      assertThat(children.get(i).waitFor()).isEqualTo(new ExitStatus.Exited(0));
    }
  }

  @FunctionalInterface
  private interface Action<T> {
    T run() throws IOException;
  }

  private static <T> CompletableFuture<T> inBackground(Action<T> action) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.startVirtualThread(
        () -> {
          try {
            result.complete(action.run());
          } catch (IOException | RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }
}
