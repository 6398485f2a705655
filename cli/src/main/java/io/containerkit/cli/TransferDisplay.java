package io.containerkit.cli;

import io.containerkit.image.Descriptor;
import io.containerkit.image.Digest;
import io.containerkit.image.Transfer;
import io.containerkit.linux.Fd;
import io.containerkit.linux.Terminal;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Shows how an image comes or goes: on a terminal a line for each blob, redrawn in place; elsewhere a line when a blob is there.
///
/// Thread-safe. Closing it leaves the last state on the screen.
final class TransferDisplay implements Consumer<Transfer>, AutoCloseable {

  private static final long FRAME_NANOS = 100_000_000;
  private static final int BAR = 24;
  private static final Terminal.Size USUAL = new Terminal.Size(80, 24);

  private final PrintStream out;
  private final String title;
  private final Kind kind;
  private final Map<Digest, Line> lines = new LinkedHashMap<>();
  private final Terminal.Size window;
  private long nextFrame;
  private int drawn;
  private boolean closed;

  /// How things are shown.
  enum Kind {
    SILENT,
    PLAIN,
    TERMINAL
  }

  private static final class Line {
    private final Descriptor blob;
    private long done = -1;
    private boolean finished;

    Line(Descriptor blob) {
      this.blob = blob;
    }
  }

  TransferDisplay(PrintStream out, String title, Kind kind, Terminal.Size window) {
    this.out = out;
    this.title = title;
    this.kind = kind;
    this.window = window;
  }

  /// A display on standard error.
  ///
  /// @param title what is done, such as `pull alpine:latest`
  static TransferDisplay of(Session session, boolean quiet, String title) {
    if (quiet) {
      return new TransferDisplay(session.err(), title, Kind.SILENT, USUAL);
    }
    Fd err = Fd.borrow(2);
    if (!Terminal.isTerminal(err)) {
      return new TransferDisplay(session.err(), title, Kind.PLAIN, USUAL);
    }
    Terminal.Size size = new Terminal(err).size();
    return new TransferDisplay(session.err(), title, Kind.TERMINAL, size.columns() == 0 || size.rows() == 0 ? USUAL : size);
  }

  @Override
  public synchronized void accept(Transfer transfer) {
    if (kind == Kind.SILENT || closed) {
      return;
    }
    switch (transfer) {
      case Transfer.Started started -> start(started);
      case Transfer.Moved(Descriptor blob, long done) -> line(blob).ifPresent(line -> line.done = done);
      case Transfer.Finished(Descriptor blob) -> line(blob).ifPresent(this::finish);
    }
    if (kind == Kind.TERMINAL && System.nanoTime() >= nextFrame) {
      draw();
    }
  }

  private void start(Transfer.Started started) {
    started.blobs().forEach(blob -> lines.put(blob.digest(), new Line(blob)));
    long bytes = lines.values().stream().mapToLong(line -> line.blob.size()).sum();
    out.println(title + ": " + lines.size() + (lines.size() == 1 ? " blob, " : " blobs, ") + Quantity.bytes(bytes));
    out.flush();
    nextFrame = System.nanoTime();
  }

  private Optional<Line> line(Descriptor blob) {
    return Optional.ofNullable(lines.get(blob.digest()));
  }

  private void finish(Line line) {
    line.finished = true;
    if (kind == Kind.PLAIN) {
      out.println(shortId(line.blob) + ": " + ending(line));
      out.flush();
    }
  }

  private static String ending(Line line) {
    return line.done < 0 ? "exists" : "done, " + Quantity.bytes(line.blob.size());
  }

  private static String shortId(Descriptor blob) {
    return blob.digest().hex().substring(0, 12);
  }

  /// Writes over what was drawn last. Where not all lines fit, those that are finished are left out first.
  private void draw() {
    nextFrame = System.nanoTime() + FRAME_NANOS;
    int room = window.rows() - 2;
    int hidden = Math.max(0, lines.size() - room);
    StringBuilder frame = new StringBuilder();
    if (drawn > 0) {
      frame.append("\033[").append(drawn).append('A');
    }
    drawn = 0;
    for (Line line : lines.values()) {
      boolean skip = hidden > 0 && line.finished;
      if (skip) {
        hidden--;
      } else if (drawn < room) {
        String text = text(line);
        frame.append('\r').append(text, 0, Math.min(text.length(), window.columns() - 1)).append("\033[K\n");
        drawn++;
      }
    }
    // Lines below that an earlier frame had and this one has not.
    frame.append("\033[J");
    out.print(frame);
    out.flush();
  }

  private static String text(Line line) {
    String id = shortId(line.blob) + "  ";
    if (line.finished) {
      return id + ending(line);
    }
    if (line.done < 0) {
      return id + "waits";
    }
    long size = Math.max(1, line.blob.size());
    int filled = (int) (BAR * Math.min(line.done, size) / size);
    return id + "[" + "=".repeat(filled) + " ".repeat(BAR - filled) + "]  " + Quantity.bytes(line.done) + " of " + Quantity.bytes(line.blob.size());
  }

  @Override
  public synchronized void close() {
    if (!closed && kind == Kind.TERMINAL && !lines.isEmpty()) {
      draw();
    }
    closed = true;
  }
}
