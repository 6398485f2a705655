package io.containerkit.cli;

import io.containerkit.image.Transfer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Shows a pull on the way of something else: from the first bytes on that have to be fetched. An image that is here already is no news.
final class PullDisplay implements Consumer<Transfer>, AutoCloseable {

  private final Session session;
  private final ImageFlags image;
  private final List<Transfer> before = new ArrayList<>();
  private @Nullable TransferDisplay display;

  PullDisplay(Session session, ImageFlags image) {
    this.session = session;
    this.image = image;
  }

  @Override
  public synchronized void accept(Transfer transfer) {
    TransferDisplay shown = display;
    if (shown == null) {
      before.add(transfer);
      if (transfer instanceof Transfer.Moved) {
        shown = TransferDisplay.of(session, image.quiet(), image.title());
        display = shown;
        before.forEach(shown);
      }
    } else {
      shown.accept(transfer);
    }
  }

  @Override
  public synchronized void close() {
    if (display != null) {
      display.close();
    }
  }
}
