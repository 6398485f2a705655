package io.containerkit.linux;

/// How a process ended.
public sealed interface ExitStatus {

  /// It called `exit`.
  ///
  /// @param code 0 to 255
  record Exited(int code) implements ExitStatus {
    @Override
    public int shellCode() {
      return code;
    }
  }

  /// A signal ended it.
  ///
  /// @param coreDumped whether the kernel wrote a core dump
  record Signaled(Signal signal, boolean coreDumped) implements ExitStatus {
    @Override
    public int shellCode() {
      return 128 + signal.number();
    }
  }

  /// It ended, and nobody can know how. Never taken for success.
  ///
  /// @param why what kept the status from being known
  record Unknown(String why) implements ExitStatus {
    @Override
    public int shellCode() {
      return 255;
    }
  }

  /// The status as a shell shows it: the code itself, 128 + n for signal n, and 255 if it is unknown.
  int shellCode();

  /// Whether the process exited with code 0.
  default boolean isSuccess() {
    return this instanceof Exited(int code) && code == 0;
  }

  /// Decodes a status as `wait(2)` and `PIDFD_GET_INFO` give it.
  static ExitStatus ofWaitStatus(int status) {
    int signal = status & 0x7f;
    return signal == 0 ? new Exited((status >> 8) & 0xff) : new Signaled(new Signal(signal), (status & 0x80) != 0);
  }
}
