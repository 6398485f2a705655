package io.containerkit.linux;

import io.containerkit.spec.KernelException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A file system in the making, and then a mount that has no place yet (`fsopen(2)`, `fsconfig(2)`, `fsmount(2)`; Linux 5.2).
final class FsContext implements AutoCloseable {

  private static final int FSOPEN_CLOEXEC = 1;
  private static final int FSMOUNT_CLOEXEC = 1;
  private static final int FSCONFIG_SET_FLAG = 0;
  private static final int FSCONFIG_SET_STRING = 1;
  private static final int FSCONFIG_CMD_CREATE = 6;

  /// The longest value that `fsconfig` takes, in bytes.
  static final int MAX_VALUE = 255;

  private final String type;
  private final Path target;
  private final Fd context;

  /// Begins to make a file system.
  ///
  /// @param target where it will go, for messages
  FsContext(String type, Path target) {
    this.type = type;
    this.target = target;
    try (Arena arena = Arena.ofConfined()) {
      long result = Native.syscall(Syscall.FSOPEN, CString.copy(arena, type), FSOPEN_CLOEXEC, 0);
      this.context = Fd.own(Errno.check(result, "fsopen", type));
    }
  }

  /// Sets an option as it stands in a mount command: `key=value` or `flag`.
  void option(String option) {
    int equals = option.indexOf('=');
    if (equals < 0) {
      check(configure(FSCONFIG_SET_FLAG, option, null), option);
    } else {
      set(option.substring(0, equals), option.substring(equals + 1));
    }
  }

  void set(String key, String value) {
    check(trySet(key, value), key + "=" + value);
  }

  /// Sets an option that this kernel may not know.
  ///
  /// @return 0 or a negative error number
  long trySet(String key, String value) {
    return configure(FSCONFIG_SET_STRING, key, value);
  }

  private long configure(int command, @Nullable String key, @Nullable String value) {
    try (Arena arena = Arena.ofConfined()) {
      long keyAddress = key == null ? 0 : CString.copy(arena, key);
      long valueAddress = value == null ? 0 : CString.copy(arena, value);
      return context.syscall(Syscall.FSCONFIG, command, keyAddress, valueAddress, 0);
    }
  }

  /// Makes the file system and puts it at the target.
  ///
  /// @param attributes `MOUNT_ATTR_…`
  void mount(long attributes) {
    check(configure(FSCONFIG_CMD_CREATE, null, null), "");
    long result = context.syscall(Syscall.FSMOUNT, FSMOUNT_CLOEXEC, attributes, 0, 0);
    try (Fd mount = Fd.own(check(result, ""))) {
      Mounts.attach(mount, target);
    }
  }

  private long check(long result, String option) {
    if (result < 0) {
      throw failure((int) -result, option);
    }
    return result;
  }

  /// The kernel's reason in words is waiting in the context itself.
  private KernelException failure(int errno, String option) {
    StringBuilder subject = new StringBuilder(type).append(" on ").append(target);
    if (!option.isEmpty()) {
      subject.append(" with ").append(option);
    }
    byte[] message = new byte[512];
    long length;
    while ((length = readMessage(message)) > 0) {
      // Each begins with its severity: "e overlay: …".
      subject.append(" [").append(new String(message, 0, (int) length, StandardCharsets.UTF_8).substring(2).strip()).append(']');
    }
    return Errno.exception("mount", subject.toString(), errno);
  }

  /// Reads the next message.
  ///
  /// @return its length; 0 if there is none
  private int readMessage(byte[] message) {
    try {
      return context.read(message, 0, message.length);
    } catch (KernelException noMore) {
      return 0; // ENODATA
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
