package io.containerkit.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A terminal, by a descriptor of either side of it (`ioctl_tty(2)`, `termios(3)`).
///
/// @param fd the descriptor; it stays its owner's
public record Terminal(Fd fd) {

  /// The size of a window in characters.
  public record Size(int columns, int rows) {
    public Size {
      if (columns < 0 || columns > 0xffff || rows < 0 || rows > 0xffff) {
        throw new IllegalArgumentException("a terminal's size is 0 to 65535 each way: " + columns + "x" + rows);
      }
    }
  }

  private static final int TCGETS = 0x5401;
  private static final int TCSETS = 0x5402;
  private static final int TIOCGWINSZ = 0x5413;
  private static final int TIOCSWINSZ = 0x5414;
  static final int TIOCGPTN = 0x80045430;
  static final int TIOCGPTPEER = 0x5441;

  /// The kernel's `struct termios` of `asm-generic/termbits.h`.
  static final int TERMIOS_SIZE = 36;
  static final int TERMIOS_INPUT = 0;
  static final int TERMIOS_OUTPUT = 4;
  static final int TERMIOS_CONTROL = 8;
  static final int TERMIOS_LOCAL = 12;
  static final int TERMIOS_CHARACTERS = 17;
  private static final int VTIME = 5;
  private static final int VMIN = 6;

  /// `struct winsize`: rows, columns, and the same in pixels.
  static final int WINSIZE_SIZE = 8;
  static final int WINSIZE_ROWS = 0;
  static final int WINSIZE_COLUMNS = 2;

  // What cfmakeraw(3) takes away: every interpretation of a byte on its way.
  private static final int RAW_INPUT = 0x1 | 0x2 | 0x8 | 0x20 | 0x40 | 0x80 | 0x100 | 0x400;
  private static final int RAW_OUTPUT = 0x1;
  private static final int RAW_LOCAL = 0x1 | 0x2 | 0x8 | 0x40 | 0x8000;
  private static final int RAW_CONTROL = 0x30 | 0x100;
  private static final int CS8 = 0x30;

  /// Whether a descriptor is a terminal.
  public static boolean isTerminal(Fd fd) {
    try (Arena arena = Arena.ofConfined()) {
      return fd.syscall(Syscall.IOCTL, TCGETS, arena.allocate(TERMIOS_SIZE, 8).address(), 0, 0) == 0;
    }
  }

  /// Whether a descriptor is the master side of a pseudo-terminal.
  static boolean isMaster(Fd fd) {
    try (Arena arena = Arena.ofConfined()) {
      return fd.syscall(Syscall.IOCTL, TIOCGPTN, arena.allocate(4, 4).address(), 0, 0) == 0;
    }
  }

  /// Opens the other side of a pseudo-terminal by its master, wherever its file system is mounted (Linux 4.13). While anybody holds
  /// it, a read from the master waits for more instead of failing because the last process has closed the terminal.
  public Fd openPeer() {
    long flags = Fd.O_RDWR | Fd.O_NOCTTY | Fd.O_CLOEXEC;
    return Fd.own(fd.check(fd.syscall(Syscall.IOCTL, TIOCGPTPEER, flags, 0, 0), "ioctl TIOCGPTPEER"));
  }

  /// The size of the window.
  public Size size() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(WINSIZE_SIZE, 8);
      ioctl(TIOCGWINSZ, size, "ioctl TIOCGWINSZ");
      return new Size(
          Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, WINSIZE_COLUMNS)),
          Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, WINSIZE_ROWS)));
    }
  }

  /// Sets the size of the window; the foreground processes get `SIGWINCH` if it changes.
  public void resize(Size size) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment window = arena.allocate(WINSIZE_SIZE, 8);
      window.set(ValueLayout.JAVA_SHORT, WINSIZE_COLUMNS, (short) size.columns());
      window.set(ValueLayout.JAVA_SHORT, WINSIZE_ROWS, (short) size.rows());
      ioctl(TIOCSWINSZ, window, "ioctl TIOCSWINSZ");
    }
  }

  /// Turns every interpretation off: each key arrives as it is pressed, Ctrl-C too, and nothing is echoed.
  ///
  /// @return to be closed to get the former settings back
  public RawMode rawMode() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment termios = arena.allocate(TERMIOS_SIZE, 8);
      ioctl(TCGETS, termios, "ioctl TCGETS");
      byte[] former = termios.toArray(ValueLayout.JAVA_BYTE);
      clear(termios, TERMIOS_INPUT, RAW_INPUT);
      clear(termios, TERMIOS_OUTPUT, RAW_OUTPUT);
      clear(termios, TERMIOS_LOCAL, RAW_LOCAL);
      clear(termios, TERMIOS_CONTROL, RAW_CONTROL);
      termios.set(ValueLayout.JAVA_INT, TERMIOS_CONTROL, termios.get(ValueLayout.JAVA_INT, TERMIOS_CONTROL) | CS8);
      termios.set(ValueLayout.JAVA_BYTE, TERMIOS_CHARACTERS + VMIN, (byte) 1);
      termios.set(ValueLayout.JAVA_BYTE, TERMIOS_CHARACTERS + VTIME, (byte) 0);
      ioctl(TCSETS, termios, "ioctl TCSETS");
      return new RawMode(this, former);
    }
  }

  /// A terminal in raw mode, until this is closed.
  public static final class RawMode implements AutoCloseable {
    private final Terminal terminal;
    private final byte[] former;

    private RawMode(Terminal terminal, byte[] former) {
      this.terminal = terminal;
      this.former = former;
    }

    /// Restores the settings from before. Safe to repeat, also from a shutdown hook.
    @Override
    public void close() {
      try (Arena arena = Arena.ofConfined()) {
        terminal.ioctl(TCSETS, arena.allocateFrom(ValueLayout.JAVA_BYTE, former), "ioctl TCSETS");
      }
    }
  }

  private static void clear(MemorySegment termios, int field, int bits) {
    termios.set(ValueLayout.JAVA_INT, field, termios.get(ValueLayout.JAVA_INT, field) & ~bits);
  }

  private void ioctl(int request, MemorySegment argument, String call) {
    fd.check(fd.syscall(Syscall.IOCTL, request, argument.address(), 0, 0), call);
  }
}
