package io.containerkit.runtime;

import io.containerkit.linux.Fd;
import java.util.ArrayList;
import java.util.List;

/// Descriptors held for the clean-up of a start that breaks off for want of them: to stop the command, delete the container and kill what
/// is left takes some, and there would be none. A start that cannot have even these begins nothing.
final class SpareDescriptors implements AutoCloseable {

  /// The pipes and the process of a delete, the processes of the largest create (runsc's, four), and a directory that is being listed.
  private static final int COUNT = 12;

  /// What holds the command itself: one that cannot be held is killed, and may have begun by then.
  private static final int COMMAND = 1;

  private final List<Fd> held = new ArrayList<>(COUNT + COMMAND);

  private SpareDescriptors() {}

  /// Takes them.
  ///
  /// @throws io.containerkit.spec.KernelException of kind `NO_SPACE` if this process may not have as many (`EMFILE`)
  static SpareDescriptors take() {
    SpareDescriptors spare = new SpareDescriptors();
    try {
      // Copies: to open a file takes ten times as long, and every exec comes here.
      Fd first = Fd.openNull();
      spare.held.add(first);
      for (int i = 1; i < COUNT + COMMAND; i++) {
        spare.held.add(first.duplicate());
      }
      return spare;
    } catch (RuntimeException e) {
      spare.close();
      throw e;
    }
  }

  /// Makes room for the command, to be called right before it starts.
  void makeRoomForCommand() {
    held.removeLast().close();
  }

  /// Makes room for the clean-up. Idempotent.
  @Override
  public void close() {
    held.forEach(Fd::close);
  }
}
