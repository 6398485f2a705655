package io.containerkit.spec;

/// A system call failed. The message is `call subject: NAME (text)`, such as `pidfd_open 4711: ESRCH (No such process)`.
public final class KernelException extends ContainerException {

  private final String call;
  private final String subject;
  private final int errno;
  private final String errnoName;

  /// @param kind what the failure means to the caller
  /// @param call the system call, by its name in section 2 of the manual
  /// @param subject what it was applied to: a path, a pid, a descriptor
  /// @param errno the error number
  /// @param errnoName the number's name, such as `ENOENT`
  /// @param text the number's meaning in words
  public KernelException(
      ErrorKind kind, String call, String subject, int errno, String errnoName, String text) {
    super(
        kind,
        call + (subject.isEmpty() ? "" : " " + subject) + ": " + errnoName + " (" + text + ")",
        null);
    this.call = call;
    this.subject = subject;
    this.errno = errno;
    this.errnoName = errnoName;
  }

  /// The system call, by its name in section 2 of the manual.
  public String call() {
    return call;
  }

  /// What the call was applied to: a path, a pid, a descriptor; empty where there is nothing to name.
  public String subject() {
    return subject;
  }

  /// The error number.
  public int errno() {
    return errno;
  }

  /// The name of the error number, such as `ENOENT`.
  public String errnoName() {
    return errnoName;
  }
}
