package io.containerkit.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/// A new pseudo-terminal of this host (`pty(7)`). A process gets it by [Spawn#terminal]; its user holds the master side.
///
/// A read from the master ends when the last process has closed the terminal, but not before one has opened it: [#close] at the
/// latest ends it.
public final class Pty implements AutoCloseable {

  private static final int TIOCSPTLCK = 0x40045431;

  private final Fd master;
  private final Path peerPath;

  private Pty(Fd master, Path peerPath) {
    this.master = master;
    this.peerPath = peerPath;
  }

  /// Opens a pseudo-terminal.
  public static Pty open() {
    Fd master = Fd.open(Path.of("/dev/ptmx"), Fd.O_RDWR, 0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
      master.check(master.syscall(Syscall.IOCTL, TIOCSPTLCK, number.address(), 0, 0), "ioctl TIOCSPTLCK");
      master.check(master.syscall(Syscall.IOCTL, Terminal.TIOCGPTN, number.address(), 0, 0), "ioctl TIOCGPTN");
      return new Pty(master, Path.of("/dev/pts/" + number.get(ValueLayout.JAVA_INT, 0)));
    } catch (RuntimeException e) {
      master.close();
      throw e;
    }
  }

  /// The user's side: what is written here is typed there, what is printed there is read here. Owned by this object.
  public Fd master() {
    return master;
  }

  /// The process' side.
  public Path peerPath() {
    return peerPath;
  }

  /// The terminal, to resize it.
  public Terminal terminal() {
    return new Terminal(master);
  }

  /// Closes the master: the processes on the other side get `SIGHUP`.
  @Override
  public void close() {
    master.close();
  }
}
