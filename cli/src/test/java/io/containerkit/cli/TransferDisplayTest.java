package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.image.Descriptor;
import io.containerkit.image.MediaType;
import io.containerkit.image.Transfer;
import io.containerkit.linux.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TransferDisplayTest {

  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

  private TransferDisplay display(TransferDisplay.Kind kind, int columns, int rows) {
    return new TransferDisplay(new PrintStream(shown, true, StandardCharsets.UTF_8), "pull app:1", kind, new Terminal.Size(columns, rows));
  }

  private static Descriptor blob(int seed) {
    return Descriptor.of(MediaType.OCI_LAYER_GZIP, new byte[1024 * (seed + 1)]);
  }

  private static String id(Descriptor blob) {
    return blob.digest().hex().substring(0, 12);
  }

  private String text() {
    return shown.toString(StandardCharsets.UTF_8);
  }

  @Test
  void withoutATerminalThereIsALineWhenABlobIsThere() {
    try (TransferDisplay display = display(TransferDisplay.Kind.PLAIN, 80, 24)) {
      display.accept(new Transfer.Started(List.of(blob(0), blob(1))));
      display.accept(new Transfer.Moved(blob(1), 100));
      display.accept(new Transfer.Finished(blob(1)));
      display.accept(new Transfer.Finished(blob(0)));
    }
    assertThat(text()).isEqualTo("pull app:1: 2 blobs, 3K\n" + id(blob(1)) + ": done, 2K\n" + id(blob(0)) + ": exists\n");
  }

  @Test
  void onATerminalEachBlobHasItsLine() {
    try (TransferDisplay display = display(TransferDisplay.Kind.TERMINAL, 80, 24)) {
      display.accept(new Transfer.Started(List.of(blob(0), blob(1), blob(3))));
      display.accept(new Transfer.Moved(blob(1), 1024));
      display.accept(new Transfer.Finished(blob(0)));
    }
    String last = text().substring(text().lastIndexOf("\033[3A"));
    assertThat(last)
        .isEqualTo(
            "\033[3A\r" + id(blob(0)) + "  exists\033[K\n\r"
                + id(blob(1)) + "  [============            ]  1K of 2K\033[K\n\r"
                + id(blob(3)) + "  waits\033[K\n\033[J");
  }

  @Test
  void whatIsFinishedMakesRoomAndNoLineIsTooWide() {
    List<Descriptor> blobs = IntStream.range(0, 5).mapToObj(TransferDisplayTest::blob).toList();
    try (TransferDisplay display = display(TransferDisplay.Kind.TERMINAL, 20, 5)) {
      display.accept(new Transfer.Started(blobs));
      display.accept(new Transfer.Finished(blobs.get(0)));
      display.accept(new Transfer.Finished(blobs.get(1)));
      display.accept(new Transfer.Moved(blobs.get(2), 1));
    }
    String last = text().substring(text().lastIndexOf("\033[3A") + 4);
    assertThat(last.lines().map(line -> line.replaceAll("\033\\[[KJ]|\r", "")).filter(line -> !line.isEmpty()))
        .containsExactly(id(blobs.get(2)) + "  [    ", id(blobs.get(3)) + "  waits", id(blobs.get(4)) + "  waits");
  }

  @Test
  void quietShowsNothing() {
    try (TransferDisplay display = display(TransferDisplay.Kind.SILENT, 80, 24)) {
      display.accept(new Transfer.Started(List.of(blob(0))));
      display.accept(new Transfer.Finished(blob(0)));
    }
    assertThat(text()).isEmpty();
  }
}
